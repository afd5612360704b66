import { html, raw } from 'hono/html'

export { html, raw }

/** Markup whose text parts are escaped. */
export type Html = ReturnType<typeof html>

/** The markup itself, without white space around it. Our templates hold no promises, so it is there at once. */
export function markupOf(fragment: Html): string {
  if (fragment instanceof Promise) throw new TypeError('a template holds a promise')
  return fragment.toString().trim()
}

/** Puts `content` where `target` says: the one way in which answers to htmx and live events change a page. */
export function partial(target: string, swap: 'outerMorph' | 'innerHTML' | 'beforeend', content: Html): string {
  return `<hx-partial hx-target="${target}" hx-swap="${swap}">${markupOf(content)}</hx-partial>`
}
