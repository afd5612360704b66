/** Charts as files: an SVG for pages, a PNG to take away, in the look that the address asks for. */
import type { Context } from 'hono'
import { type Chart, isWorthDrawing, type Look } from '../charts/index.ts'
import { locales } from '../core/text/index.ts'
import { showMissing } from './reading.ts'
import type { Site } from './site.ts'

/** CSS pixels of a drawing: on a desktop and on a phone. */
const widths = { wide: 720, narrow: 360 } as const
/** Of a picture to take away. */
const pngScale = 2

/** Not found where there is nothing to see. */
export async function sendChart(
  site: Site,
  c: Context,
  chart: Chart | undefined,
  format: string | undefined,
): Promise<Response> {
  if (chart === undefined || !isWorthDrawing(chart)) return showMissing(site, c, await site.viewers.of(c))
  const look = lookOf(c)
  if (format === 'png') {
    c.header('Content-Type', 'image/png')
    return c.body(await site.charts.png(chart, look, pngScale))
  }
  c.header('Content-Type', 'image/svg+xml; charset=utf-8')
  return c.body(await site.charts.svg(chart, look))
}

function lookOf(c: Context): Look {
  return {
    locale: locales.find(locale => locale === c.req.query('lang')) ?? 'en',
    theme: c.req.query('theme') === 'dark' ? 'dark' : 'light',
    width: c.req.query('width') === 'narrow' ? widths.narrow : widths.wide,
  }
}
