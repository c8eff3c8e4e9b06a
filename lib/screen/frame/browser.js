// What Streamlit leaves out for those who read or use a page without eyes or without a mouse.
const DIRECTIVE = /:material\/\w+:|:\w+(?:-\w+)?\[|\]|\*\*/g
const STEP_MS = 2000
const FIELD = "input, textarea, select, [contenteditable='true']"

function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

// What Streamlit says in English, alone or before the name of what it is about.
function inLanguage(said, words) {
  const english = Object.keys(words).find(each => said === each || said.startsWith(`${each}: `) || said.startsWith(`${each} `))
  if (!english) return said
  const about = said.slice(english.length).replace(/^:?\s+/, "").replaceAll(DIRECTIVE, "").trim()
  return about ? words[english].replace("{field}", () => about) : words[english].replace(/[:：]?\s*\{field\}/, "")
}

function mend({ language, menu, icons, words }) {
  set(document.documentElement, "lang", language)
  const landmark = document.querySelector(".st-key-menu")
  if (landmark) {
    set(landmark, "role", "navigation")
    set(landmark, "aria-label", menu)
  }
  // An icon is read out by its English name; where a button has nothing else, it gets one in the language.
  for (const button of document.querySelectorAll("button")) {
    const label = button.querySelector("[data-testid=stMarkdownContainer]")
    const icon = (label ?? button).querySelector("[data-testid=stIconMaterial], [role=img]")
    const name = icon && (!label || label.textContent.trim() === icon.textContent) && icons[icon.textContent]
    if (name && (button.dataset.named || !button.hasAttribute("aria-label"))) {
      button.dataset.named = "yes"
      set(button, "aria-label", name)
    }
    const key = button.querySelector("kbd")
    if (key) {
      set(button, "aria-keyshortcuts", key.textContent)
      set(key, "aria-hidden", "true")
    }
  }
  for (const element of document.querySelectorAll("button[aria-label]:not([data-named]), nav[aria-label], section[aria-label]")) {
    const said = element.getAttribute("aria-label")
    if (said !== element.dataset.said) {
      element.dataset.said = inLanguage(said, words)
      set(element, "aria-label", element.dataset.said)
    }
  }
  // What is behind an icon is named as the icon is.
  const opened = document.querySelector("[data-testid=stPopoverButton][aria-expanded=true]")?.getAttribute("aria-label")
  for (const body of document.querySelectorAll("[data-testid=stPopoverBody][aria-label='']")) {
    if (opened) set(body, "aria-label", opened)
  }
  for (const icon of document.querySelectorAll("[role=img][aria-label$=' icon']")) set(icon, "aria-hidden", "true")
  // What scrolls can be scrolled by keys, too.
  for (const block of document.querySelectorAll("[data-testid=stVerticalBlock][height]")) {
    const holdsFocus = block.querySelector("a[href], button, input, textarea, select, [tabindex]")
    if (!holdsFocus && block.scrollHeight > block.clientHeight) set(block, "tabindex", "0")
  }
  // A page that draws its title needs none beside it.
  for (const title of document.querySelectorAll("h1.told")) title.hidden = document.querySelectorAll("h1").length > 1
  // A line that is bold as a whole is the heading of what is below it.
  for (const line of document.querySelectorAll("[data-testid=stMain] [data-testid=stMarkdownContainer] > p:has(> strong)")) {
    if (line.textContent === line.querySelector("strong").textContent && !line.closest("button, [role=dialog]")) {
      set(line, "role", "heading")
      set(line, "aria-level", "2")
    }
  }
}

// Streamlit presses the buttons whose keys it was told; here is what it does not know: when none may act.
function press(event, told) {
  const isOne = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey
  if (!isOne || event.isComposing || event.composedPath().some(each => each.matches?.(FIELD))) return
  if (!told.data.keys.on || document.querySelector(".stDialog")) {
    event.stopImmediatePropagation()
  } else if (event.key === told.data.keys.list) {
    event.preventDefault()
    told.ask()
  } else if (event.key === told.data.keys.search) {
    const words = document.querySelector(".st-key-words input")
    if (words) event.preventDefault()
    words?.focus()
  }
}

// To open another page with parameters, Streamlit first gives them to the page that is left, as an address of its own:
// Back would lead there. The second address takes the place of that one.
function inOneStep(history) {
  const push = history.pushState
  let left = { at: -Infinity, path: "" }
  history.pushState = function (state, title, url) {
    const here = location.pathname, there = new URL(url ?? location.href, location.href)
    const isSecond = there.pathname !== here && there.search === location.search
      && left.path === here && performance.now() - left.at < STEP_MS
    left = { at: there.pathname === here ? performance.now() : -Infinity, path: here }
    return isSecond ? history.replaceState(state, title, url) : push.call(history, state, title, url)
  }
}

function begin(place) {
  const told = { fetched: new Set() }
  let isWaiting = false
  const look = () => {
    if (isWaiting) return
    isWaiting = true
    requestAnimationFrame(() => {
      isWaiting = false
      mend(told.data)
    })
  }
  const observer = new MutationObserver(look)
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] })
  const listen = event => press(event, told)
  window.addEventListener("keydown", listen, true)
  told.end = () => {
    observer.disconnect()
    window.removeEventListener("keydown", listen, true)
    delete place.told
  }
  place.told = told
  // It takes no room on the page.
  set(place.closest("[data-testid=stElementContainer]") ?? place, "style", "position: absolute; pointer-events: none")
  return told
}

inOneStep(window.history)

export default function ({ parentElement, data, setTriggerValue }) {
  const told = parentElement.told ?? begin(parentElement)
  told.data = data
  told.ask = () => setTriggerValue("asked", true)
  parentElement.querySelector("h1").textContent = data.title
  if (data.cookie) document.cookie = data.cookie
  if (data.fetch && !told.fetched.has(data.fetch)) {
    told.fetched.add(data.fetch)
    fetch(new URL(data.fetch, document.baseURI))
  }
  mend(data)
  return told.end
}
