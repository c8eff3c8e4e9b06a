// The editor of Explore's query: it stands in for the text box, which keeps the text and sends it with Run.
// `npm ci && npm run build` in this folder makes built.js, the file that the app serves.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete"
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { PostgreSQL, sql } from "@codemirror/lang-sql"
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language"
import { EditorState } from "@codemirror/state"
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view"
import { tags } from "@lezer/highlight"

const LOOKED_AT_EVERY_MS = 100
const WORD = /[\p{L}\p{N}_]+/gu

// Colours of the app's theme, light or dark.
const look = EditorView.theme({
  "&": {
    height: "100%", color: "var(--st-text-color)", fontSize: "0.875rem", border: "1px solid var(--st-border-color)",
    borderRadius: "var(--st-base-radius, 0.375rem)", backgroundColor: "var(--st-secondary-background-color)",
  },
  "&.cm-focused": { outline: "none", borderColor: "var(--st-primary-color)" },
  ".cm-scroller": { fontFamily: "var(--st-code-font, monospace)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--st-text-color)", padding: "0.5rem" },
  ".cm-cursor": { borderLeftColor: "var(--st-text-color)" },
  ".cm-placeholder": { color: "inherit", opacity: "0.7" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--st-primary-color) 35%, transparent)",
  },
  ".cm-tooltip": {
    color: "var(--st-text-color)", backgroundColor: "var(--st-background-color)",
    border: "1px solid var(--st-border-color)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--st-code-font, monospace)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "#ffffff", background: "#1f5fbf",
  },
})
const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.keyword, color: "var(--st-blue-text-color, currentColor)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--st-green-text-color, currentColor)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--st-violet-text-color, currentColor)" },
  { tag: tags.comment, color: "var(--st-gray-text-color, currentColor)", fontStyle: "italic" },
]))

// Columns of the views that the query names, or of all where it names none yet; views are known by the schema.
function completions(views) {
  return context => {
    const word = context.matchBefore(/[\p{L}\p{N}_]+/u)
    if (!word && !context.explicit) return null
    const from = word ? word.from : context.pos
    if (context.state.sliceDoc(from - 1, from) === ".") return null
    const words = new Set(context.state.doc.toString().toLowerCase().match(WORD))
    const named = Object.keys(views).filter(view => words.has(view))
    const columns = new Map()
    for (const view of named.length ? named : Object.keys(views)) {
      for (const column of views[view]) columns.set(column, [...(columns.get(column) ?? []), view])
    }
    return {
      from, validFor: /^[\p{L}\p{N}_]*$/u,
      options: [...columns].map(([label, of]) => ({ label, detail: of.join(", "), boost: 2 })),
    }
  }
}

function put(box, text) {
  // By the setter of the element, and not of the library that draws it: the box then takes the text as typed.
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text)
  box.dispatchEvent(new Event("input", { bubbles: true }))
}

function run(box) {
  box.dispatchEvent(new KeyboardEvent("keydown", {
    key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true,
  }))
  return true
}

// Puts an editor for the box into a place; what it returns takes the editor away again.
export function edit(box, place, { views, completionsLabel }) {
  const written = EditorView.updateListener.of(update => {
    if (update.docChanged && update.state.doc.toString() !== box.value) put(box, update.state.doc.toString())
  })
  const view = new EditorView({
    parent: place,
    doc: box.value,
    extensions: [
      history(), drawSelection(), bracketMatching(), closeBrackets(), autocompletion({ icons: false }), EditorView.lineWrapping,
      keymap.of([
        { key: "Mod-Enter", run: () => run(box) }, { key: "Ctrl-Enter", run: () => run(box) },
        ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap,
      ]),
      sql({ dialect: PostgreSQL, schema: views, upperCaseKeywords: true }),
      PostgreSQL.language.data.of({ autocomplete: completions(views) }),
      look, colours, placeholder(box.placeholder), written,
      EditorState.changeFilter.of(change => box.maxLength < 0 || change.newDoc.length <= box.maxLength),
      EditorState.phrases.of({ Completions: completionsLabel }),
      EditorView.contentAttributes.of({ "aria-label": box.getAttribute("aria-label") ?? "", spellcheck: "false" }),
    ],
  })
  // An example or a link gives the box another text, of which it sends no event.
  const looking = setInterval(() => {
    const text = view.state.doc.toString()
    if (box.value.replaceAll("\r\n", "\n") !== text) {
      view.dispatch({ changes: { from: 0, to: text.length, insert: box.value } })
    }
  }, LOOKED_AT_EVERY_MS)
  return () => {
    clearInterval(looking)
    view.destroy()
  }
}
