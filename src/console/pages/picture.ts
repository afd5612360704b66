/** A chart on a page. */
import { type Html, html } from '../html.ts'

/** Where one of its drawings is. */
export type ChartFile = (format: 'svg' | 'png', theme: 'light' | 'dark', width: 'wide' | 'narrow') => string

/** Four drawings of one chart; the browser takes the one that fits its width and its light, and paper the widest. */
export function picture(file: ChartFile, alt: string, loading: 'lazy' | 'eager'): Html {
  return html`<picture>
<source media="screen and (max-width: 46rem) and (prefers-color-scheme: dark)" srcset="${file('svg', 'dark', 'narrow')}">
<source media="screen and (max-width: 46rem)" srcset="${file('svg', 'light', 'narrow')}">
<source media="screen and (prefers-color-scheme: dark)" srcset="${file('svg', 'dark', 'wide')}">
<img src="${file('svg', 'light', 'wide')}" alt="${alt}" loading="${loading}">
</picture>`
}

export function chartFiles(file: ChartFile): Html {
  return html`<a href="${file('svg', 'light', 'wide')}" download>SVG</a>, <a href="${file('png', 'light', 'wide')}" download>PNG</a>`
}
