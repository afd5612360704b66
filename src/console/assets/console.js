// What makes the chat quicker to use. Everything works without this file, by plain links and forms.

const scroller = document.querySelector('.scroller')
const line = document.querySelector('#line')
const suggestions = document.querySelector('#suggestions')
const dialog = document.querySelector('#dialog')

rememberTimeZone()
followNews()
showConnection()
offerCopies()
offerPrinting()
openDialogs()
if (line) composeWithKeys()

/** The server writes times; only the browser knows where it is. */
function rememberTimeZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `timezone=${timeZone};path=/;max-age=31536000;samesite=lax`
}

/** Stays at the bottom when it was there, as a chat does, and where the reader is when it was not. */
function followNews() {
  if (!scroller) return
  const feed = document.querySelector('#feed')
  const isAtBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80
  const toBottom = () => {
    scroller.scrollTop = scroller.scrollHeight
  }
  const named = location.hash.startsWith('#c-') && document.getElementById(location.hash.slice(1))
  if (named) named.scrollIntoView()
  else toBottom()

  let follows = isAtBottom()
  scroller.addEventListener('scroll', () => {
    follows = isAtBottom()
  })
  new ResizeObserver(() => follows && toBottom()).observe(feed)
  new ResizeObserver(() => follows && toBottom()).observe(scroller)
  document.addEventListener('said', () => {
    follows = true
    toBottom()
  })
}

/** A comparison that is on the page already does not come a second time when the connection is back. */
document.addEventListener('htmx:before:swap', ({ detail }) => {
  const { tasks } = detail
  const isHere = ({ fragment }) => {
    const { id } = fragment?.querySelector?.('article.comparison') ?? {}
    return id && document.getElementById(id)
  }
  for (let index = tasks.length - 1; index >= 0; index--) {
    if (tasks[index].swapSpec.style === 'beforeend' && isHere(tasks[index])) tasks.splice(index, 1)
  }
})

function showConnection() {
  const offline = document.querySelector('.offline')
  const show = isLost => {
    if (offline) offline.hidden = !isLost
  }
  document.addEventListener('htmx:sse:error', () => show(true))
  document.addEventListener('htmx:sse:after:connection', () => show(false))
}

/** What went wrong last time is over once something else is tried. */
document.addEventListener('htmx:before:request', () => document.querySelector('#trouble')?.replaceChildren())

function offerCopies() {
  const reveal = () => {
    for (const button of document.querySelectorAll('[data-copy][hidden], [data-copy-from][hidden]')) {
      button.hidden = !navigator.clipboard
    }
  }
  reveal()
  document.addEventListener('htmx:after:swap', reveal)
  document.addEventListener('click', async event => {
    const button = event.target.closest?.('[data-copy], [data-copy-from]')
    if (!button) return
    const { copy, copyFrom, copied } = button.dataset
    const text = copyFrom ? document.getElementById(copyFrom).textContent : new URL(copy, location.href).href
    await navigator.clipboard.writeText(text)
    const before = button.textContent
    button.textContent = copied
    setTimeout(() => {
      button.textContent = before
    }, 2000)
  })
}

function offerPrinting() {
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => print())
  }
}

function openDialogs() {
  if (!dialog) return
  document.addEventListener('htmx:after:swap', () => {
    if (dialog.open || dialog.childElementCount === 0) return
    const prompt = dialog.querySelector('[data-prompt]')
    if (prompt && line && !line.value.startsWith('/')) prompt.value ||= line.value
    dialog.showModal()
  })
  // Emptied at once, not when the `close` event comes: news in between would open it again.
  const empty = () => dialog.replaceChildren()
  const close = () => {
    empty()
    dialog.close()
  }
  dialog.addEventListener('cancel', empty)
  document.addEventListener('said', close)
  document.addEventListener('click', event => {
    if (event.target === dialog || event.target.closest?.('[data-close]')) close()
    event.target.closest?.('[data-dismiss]')?.closest('.ephemeral')?.remove()
  })
}

function composeWithKeys() {
  const options = [...suggestions.querySelectorAll('[role=option]')]
  let chosen = null
  let said = ''

  const visible = () => options.filter(option => !option.hidden)

  const choose = option => {
    chosen = option
    for (const other of options) other.setAttribute('aria-selected', String(other === option))
    if (option) line.setAttribute('aria-activedescendant', option.id)
    else line.removeAttribute('aria-activedescendant')
  }

  const close = () => {
    suggestions.hidden = true
    choose(null)
    for (const name of ['role', 'aria-expanded', 'aria-controls', 'aria-autocomplete']) {
      line.removeAttribute(name)
    }
  }

  // A textarea is a combobox only while there is something to choose.
  const open = () => {
    const typed = /^\/(\S*)$/.exec(line.value)?.[1]?.toLowerCase()
    for (const option of options) option.hidden = typed === undefined || !option.dataset.command.startsWith(typed)
    if (visible().length === 0) return close()
    suggestions.hidden = false
    line.setAttribute('role', 'combobox')
    line.setAttribute('aria-autocomplete', 'list')
    line.setAttribute('aria-controls', suggestions.id)
    line.setAttribute('aria-expanded', 'true')
    choose(visible()[0])
  }

  const take = option => {
    line.value = `/${option.dataset.command} `
    close()
    line.focus()
  }

  const step = by => {
    const list = visible()
    choose(list[(list.indexOf(chosen) + by + list.length) % list.length])
  }

  line.addEventListener('input', () => {
    grow()
    open()
  })
  line.addEventListener('blur', close)
  suggestions.addEventListener('mousedown', event => {
    event.preventDefault()
    const option = event.target.closest('[role=option]')
    if (option) take(option)
  })

  line.addEventListener('keydown', event => {
    if (event.isComposing) return
    if (!suggestions.hidden) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        return step(event.key === 'ArrowDown' ? 1 : -1)
      }
      if (event.key === 'Escape') return close()
      const isWhole = chosen && line.value === `/${chosen.dataset.command}`
      if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey && !isWhole)) {
        event.preventDefault()
        return take(chosen)
      }
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      close()
      line.form.requestSubmit()
    }
  })

  line.form.addEventListener('submit', () => {
    said = line.value
  })
  document.addEventListener('said', event => {
    // What was typed since then stays.
    if (event.target !== line.form || line.value === said) line.value = ''
    grow()
  })

  // Browsers without `field-sizing` need a hand.
  function grow() {
    if (CSS.supports('field-sizing', 'content')) return
    line.rows = Math.min(14, line.value.split('\n').length)
  }
  grow()
}
