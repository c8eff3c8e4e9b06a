"""How Chatwoot says in its languages that a conversation was resolved or reopened: only a text tells it.

The texts: `conversations.activity` in the files of github.com/chatwoot/chatwoot/tree/develop/config/locales. One that
a bot or a person only opened ("was marked open") was not closed before.
"""

import re

# Where a language has no translation of a text Chatwoot writes the English one, so "en" serves every account.
RESOLVED = re.compile(
    r"was (?:marked )?resolved"  # en (and th, hi: not translated)
    r"|onversación fue (?:marcada por|resuelta)"  # es
    r"|conversation a été (?:marquée (?:comme )?)?résolue"  # fr
    r"|(?:Gespräch|Konversation) wurde vo[nm] .+ gelöst"  # de
    r"|onversa (?:foi (?:marcada como )?|auto-)resolvida"  # pt, pt_BR
    r"|conversazione è stata (?:contrassegnata come |segnata )?risolta"  # it
    r"|Gesprek werd (?:gemarkeerd door|opgelost door|door systeem gemarkeerd als opgelost)"  # nl
    r"|завершил диалог|Диалог был (?:реш[её]н|завершен)|Разговор был (?:закрыт|помечен системой решённым)"  # ru
    r"|Rozmowa została (?:oznaczona przez|rozwiązana)"  # pl
    r"|çöz(?:ümlendi|üldü) olarak işaretlendi"  # tr
    r"|해결됨으로 표시(?:했|되었)습니다|대화를 해결했습니다"  # ko
    r"|解決済みに|会話が解決"  # ja
    r"|对话被标记由.+解决|对话被系统标记为已解决"  # zh, zh_CN
    r"|標記為(?:已解決|完成)|標記的對話已解決|已解決此對話"  # zh_TW
    r"|حالة المحادثة لـ\"مغلقة\"|تم حل المحادثة|المحادثة كمحلولة"  # ar
    r"|đánh dấu là đã giải quyết|Hội thoại đã được giải quyết"  # vi
    r"|Percakapan (?:ditandai (?:ter)?selesai|diselesaikan)"  # id
    r"|Konversationen har markerats som löst"  # sv
    r"|Samtalen blev (?:markeret som )?løst"  # da
    r"|Samtale ble (?:automatisk merket )?løst"  # no
    r"|merkitsi keskustelun ratkaistuksi|Keskustelu merkittiin ratkaistuksi"  # fi
    r"|Розмова була відмічена як вирішена|Діалог був закритий"  # uk
    r"|Konverzace byla vyřešena"  # cs
    r"|A beszélgetést (?:lezárta|megoldottra állította)"  # hu
    r"|Conversația a fost (?:marcată de|rezolvată)"  # ro
    r"|συνομιλία (?:έχει επιλυθεί|επιλύθηκε|σημάνθηκε επιλυθείσα)"  # el
    r"|השיחה (?:סומנה כפתורה|נפתרה)"  # he
    r"|مکالمه توسط .+ حل شده|گفتگو توسط .+ حل شد|مکالمه توسط سیستم بسته شد"  # fa
)

REOPENED = re.compile(
    r"was reopened|reopened the conversation"  # en (and th, hi)
    r"|conversación fue reabierta|sistema reabrió la conversación"  # es
    r"|conversation a été ré-ouverte|système a rouvert la conversation"  # fr
    r"|Gespräch wurde von .+ wieder eröffnet|System hat die Unterhaltung .+ wieder geöffnet"  # de
    r"|onversa foi reaberta|sistema reabriu a conversa"  # pt, pt_BR
    r"|onversazione è stata riaperta|sistema ha riaperto la conversazione"  # it
    r"|Gesprek werd heropend"  # nl
    r"|открыл заново диалог|Система переоткрыла разговор"  # ru
    r"|Rozmowa została ponownie otwarta|System otworzył ponownie rozmowę"  # pl
    r"|konuşmayı tekrar açtı"  # tr
    r"|대화를 다시 열었습니다"  # ko
    r"|会話が再開"  # ja
    r"|对话被.+重新打开|系统重新打开了对话"  # zh, zh_CN
    r"|重新開啟|恢復對話"  # zh_TW
    r"|إعادة فتح المحادثة|أعاد النظام فتح المحادثة"  # ar
    r"|Cuộc trò chuyện đã được mở lại|Hệ thống mở lại hội thoại"  # vi
    r"|Percakapan telah dibuka kembali|Sistem membuka kembali percakapan"  # id
    r"|Konversationen öppnades igen"  # sv
    r"|Samtalen blev genåbnet"  # da
    r"|Samtalen ble gjenåpnet"  # no
    r"|uudelleenavasi keskustelun"  # fi
    r"|Розмову знову відкрито|Система повторно відкрила розмову"  # uk
    r"|Konverzace byla znovu otevřena"  # cs
    r"|újranyitotta"  # hu
    r"|Conversația a fost redeschisă|Sistemul a redeschis conversația"  # ro
    r"|Έγινε επαναφορά της συνομιλίας"  # el
    r"|השיחה נפתחה מחדש|המערכת פתחה מחדש"  # he
    r"|مجددا باز شده|دوباره باز کرد"  # fa
)
