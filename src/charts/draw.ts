/** From data to an SVG document, by Observable Plot on a document of its own. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Leaderboard, RatingHistory, Standing } from '../core/leaderboard.ts'
import { leaderboardBasis, leaderboardTitle, leaderboardVerdict, rankText } from '../core/leaderboard-text.ts'
import type { ModelId } from '../core/model.ts'
import type { SummaryStanding } from '../core/summary.ts'
import { changeText, summaryHeadline, summaryTitle, summaryTurnout, weekTitle } from '../core/summary-text.ts'
import { formatDate, formatDuration, formatMoney, formatShare } from '../core/text/format.ts'
import type { Text } from '../core/text/index.ts'
import { shortened } from '../core/text/width.ts'
import { allowedInXml } from '../core/text/xml.ts'
import { type Chart, type DrawnWeek, describe, drawn, type Look, mostDrawn } from './chart.ts'

type Palette = { paper: string; ink: string; soft: string; line: string; accent: string; lines: readonly string[] }

const palettes: Record<Look['theme'], Palette> = {
  light: {
    paper: '#ffffff',
    ink: '#1b1a28',
    soft: '#5a576d',
    line: '#dedce9',
    accent: '#5248d6',
    lines: ['#5248d6', '#b45309', '#0f766e', '#be185d', '#1d6fb8', '#6b7280', '#7c3aed', '#4d7c0f'],
  },
  dark: {
    paper: '#1d1b28',
    ink: '#edecf6',
    soft: '#aeabc2',
    line: '#37344a',
    accent: '#aaa2ff',
    lines: ['#aaa2ff', '#f5a65b', '#5eead4', '#f9a8d4', '#7cc4f8', '#c4c3cf', '#c4a5fd', '#bef264'],
  },
}

/** Blue for a win, orange for a loss: told apart by everybody. */
const win = '#2b6cb8'
const loss = '#c2600c'

const font = "'DejaVu Sans', Verdana, system-ui, sans-serif"
const fontSize = 13
/** Of a letter, in px at that size, rather more than less. */
const letter = 7.9

type Sheet = { look: Look; palette: Palette; text: Text; narrow: boolean; style: object }

export function draw(chart: Chart, look: Look, text: Text): string {
  const palette = palettes[look.theme]
  const { document } = parseHTML('<html><body></body></html>')
  const sheet: Sheet = {
    look,
    palette,
    text,
    narrow: look.width < 560,
    style: { document, style: { color: palette.ink } },
  }
  const plot = plotOf(chart, sheet)
  return finished(plot, chart, sheet)
}

type Plotted = { options: Plot.PlotOptions; heading?: readonly { line: string; strong: boolean }[] }

function plotOf(chart: Chart, sheet: Sheet): Plotted {
  switch (chart.kind) {
    case 'intervals':
      return { options: intervals(drawn(chart.board), sheet) }
    case 'post':
      return { options: intervals(drawn(chart.board), sheet), heading: headingOf(chart.board, sheet) }
    case 'summary':
      return { ...summaryPlot(chart.summary, sheet), ...(chart.bare ? { heading: [] } : {}) }
    case 'matrix':
      return { options: matrix(chart.board, sheet) }
    case 'cost':
      return { options: scatter(chart.board, 'cost', sheet) }
    case 'speed':
      return { options: scatter(chart.board, 'speed', sheet) }
    case 'history':
      return { options: history(chart.history, sheet) }
  }
}

/** A model's line in a plot of intervals. `before`: its rating a week ago; null: not to be shown. */
type IntervalRow = Pick<Standing, 'rating' | 'lower' | 'upper' | 'provisional'> & {
  label: string
  value: string
  before: number | null
}

function intervals(standings: readonly Standing[], sheet: Sheet): Plot.PlotOptions {
  const rows = standings.map(one => ({
    ...one,
    label: `${rankText(one)}  ${one.name}${one.provisional ? '*' : ''}`,
    value: `${Math.round(one.rating)}`,
    before: null,
  }))
  return intervalPlot(rows, sheet)
}

function summaryPlot({ week, numbers }: DrawnWeek, sheet: Sheet): Plotted {
  const { text } = sheet
  const { standings, names } = numbers
  const rows = standings.slice(0, mostDrawn).map((one: SummaryStanding) => ({
    ...one,
    label: `${rankText(one)}  ${names[one.model] ?? one.model}${one.provisional ? '*' : ''}`,
    value: `${Math.round(one.rating)}  ${changeText(one, text)}`,
    before: one.before?.rating ?? null,
  }))
  return {
    options: intervalPlot(rows, sheet),
    heading: heading(weekTitle(week, text), [summaryHeadline(numbers, text), summaryTurnout(numbers, text)], sheet),
  }
}

function intervalPlot(given: readonly IntervalRow[], { look, palette, text, narrow, style }: Sheet): Plot.PlotOptions {
  const { charts } = text.leaderboard
  const most = narrow ? 15 : 26
  const rows = given.map(row => ({ ...row, label: shortened(row.label, most + 5) }))
  const moved = rows.flatMap((row, at) => (row.before === null ? [] : [{ ...row, at }]))
  const labels = distinct(rows.map(({ label }) => label))
  const place = (_: unknown, at: number) => labels[at]
  return {
    ...style,
    width: look.width,
    height: 58 + rows.length * 34,
    marginLeft: Math.ceil(Math.max(...rows.map(({ label }) => label.length)) * letter) + 14,
    marginRight: 16 + Math.ceil(Math.max(...rows.map(({ value }) => value.length)) * letter * 1.1),
    marginTop: 10,
    marginBottom: 42,
    x: {
      label: charts.ratingAxis,
      nice: true,
      tickSpacing: narrow ? 60 : 80,
      tickFormat: (value: number) => `${value}`,
    },
    y: { label: null, domain: labels, tickSize: 0 },
    marks: [
      Plot.gridX({ stroke: palette.line, strokeOpacity: 1 }),
      Plot.ruleX([1000], { stroke: palette.soft, strokeDasharray: '2,4' }),
      Plot.ruleY(rows, {
        y: place,
        x1: 'lower',
        x2: 'upper',
        stroke: palette.accent,
        strokeWidth: 3,
        strokeLinecap: 'round',
      }),
      Plot.dot(moved, {
        y: ({ at }) => labels[at],
        x: 'before',
        r: 4,
        fill: palette.paper,
        stroke: palette.soft,
        strokeWidth: 1.5,
      }),
      Plot.dot(rows, {
        y: place,
        x: 'rating',
        r: 6,
        fill: row => (row.provisional ? palette.paper : palette.accent),
        stroke: palette.accent,
        strokeWidth: 2.5,
      }),
      Plot.text(rows, { y: place, text: 'value', frameAnchor: 'right', textAnchor: 'start', dx: 12, fontWeight: 700 }),
    ],
  }
}

function matrix(board: Leaderboard, { look, palette, text, narrow, style }: Sheet): Plot.PlotOptions {
  const standings = drawn(board).slice(0, narrow ? 5 : 12)
  const names = distinct(standings.map(({ name }) => shortened(name, narrow ? 12 : 18)))
  const label = new Map(standings.map(({ model }, at) => [model, names[at] ?? model]))
  const cells = board.duels.flatMap(({ a, b, wins, losses, draws }) => {
    const [left, top] = [label.get(a), label.get(b)]
    const n = wins + losses + draws
    if (left === undefined || top === undefined || n === 0) return []
    const share = (wins + draws / 2) / n
    return [
      { row: left, column: top, share, n },
      { row: top, column: left, share: 1 - share, n },
    ]
  })
  const fill = ({ share }: { share: number }) =>
    blended(palette.paper, share >= 0.5 ? win : loss, 0.12 + 1.5 * Math.abs(share - 0.5))
  const ink = (cell: { share: number }) => readableOn(fill(cell))
  const cell = narrow ? 58 : 52
  const longest = Math.max(...names.map(name => name.length))
  return {
    ...style,
    width: look.width,
    height: Math.ceil(longest * letter * 0.57) + 32 + names.length * cell,
    marginLeft: Math.ceil(longest * letter) + 12,
    marginTop: Math.ceil(longest * letter * 0.57) + 22,
    // The last name leans out to the right.
    marginRight: Math.max(10, Math.ceil(longest * letter * 0.82 - cell / 2)),
    marginBottom: 8,
    x: { label: null, domain: names, axis: 'top', tickSize: 0, tickRotate: -35, padding: 0.04 },
    y: { label: null, domain: names, tickSize: 0, padding: 0.04 },
    marks: [
      Plot.cell(names, { x: Plot.identity, y: Plot.identity, fill: palette.line, fillOpacity: 0.5 }),
      Plot.cell(cells, { x: 'column', y: 'row', fill }),
      Plot.text(cells, {
        x: 'column',
        y: 'row',
        text: one => formatShare(one.share, text, 0),
        fill: ink,
        fontWeight: 700,
        dy: -7,
      }),
      Plot.text(cells, { x: 'column', y: 'row', text: one => `n = ${one.n}`, fill: ink, fontSize: 11, dy: 9 }),
    ],
  }
}

function scatter(
  board: Leaderboard,
  against: 'cost' | 'speed',
  { look, palette, text, narrow, style }: Sheet,
): Plot.PlotOptions {
  const { charts } = text.leaderboard
  // Money of two currencies does not share an axis: the one that most models are paid in.
  const currency = mostCommon(
    drawn(board).flatMap(one => (one.costMicros === null || !one.currency ? [] : [one.currency])),
  )
  const points = drawn(board).flatMap(one => {
    const x = against === 'speed' ? one.firstTokenMs : one.currency === currency ? one.costMicros : null
    return x === null ? [] : [{ ...one, x, label: shortened(one.name, narrow ? 16 : 24) }]
  })
  const height = narrow ? 340 : 400
  const low = Math.floor(Math.min(...points.map(({ lower }) => lower)) / 50) * 50
  const high = Math.ceil(Math.max(...points.map(({ upper }) => upper)) / 50) * 50
  const most = Math.max(...points.map(({ x }) => x))
  const ticks = niceTicks(most * 1.25, narrow ? 3 : 6)
  const toPixels = ({ x, rating }: { x: number; rating: number }) => ({
    x: (x / (most * 1.25)) * (look.width - 56 - 24),
    y: (1 - (rating - low) / (high - low)) * (height - 28 - 48),
  })
  const places = points.map(point => ({ ...toPixels(point), label: point.label }))
  const labelled = labelsBeside(places, look.width - 56 - 24).map((side, at) => ({
    ...(points[at] ?? { x: 0, rating: 0, label: '' }),
    ...side,
  }))
  const write = (value: number) =>
    against === 'speed' ? formatDuration(value, text) : value === 0 ? '0' : formatMoney(value, currency ?? null, text)
  return {
    ...style,
    width: look.width,
    height,
    marginLeft: 56,
    marginRight: 24,
    marginTop: 28,
    marginBottom: 48,
    x: {
      label: against === 'speed' ? charts.speedAxis : charts.costAxis,
      domain: [0, most * 1.25],
      ticks,
      tickFormat: write,
    },
    y: {
      label: charts.ratingAxis,
      domain: [low, high],
      ticks: 6,
      tickFormat: (value: number) => `${value}`,
    },
    marks: [
      Plot.gridY({ stroke: palette.line, strokeOpacity: 1 }),
      Plot.ruleX(points, {
        x: 'x',
        y1: 'lower',
        y2: 'upper',
        stroke: palette.accent,
        strokeOpacity: 0.45,
        strokeWidth: 2,
      }),
      Plot.dot(points, {
        x: 'x',
        y: 'rating',
        r: 6,
        fill: point => (point.provisional ? palette.paper : palette.accent),
        stroke: palette.accent,
        strokeWidth: 2.5,
      }),
      ...labelled.map(one =>
        Plot.text([one], {
          x: 'x',
          y: 'rating',
          text: 'label',
          textAnchor: one.anchor,
          dx: one.dx,
          dy: one.dy,
          fill: palette.ink,
          stroke: palette.paper,
          strokeWidth: 4,
        }),
      ),
    ],
  }
}

function history(weeks: RatingHistory, { look, palette, text, narrow, style }: Sheet): Plot.PlotOptions {
  const { charts } = text.leaderboard
  const height = narrow ? 340 : 380
  const last = weeks.at(-1)?.models.slice(0, palette.lines.length) ?? []
  const colour = new Map(last.map(({ model }, at) => [model, palette.lines[at] ?? palette.accent]))
  const points = weeks.flatMap(({ week, models }) =>
    models.flatMap(({ model, rating }) => (colour.has(model) ? [{ week, model, rating }] : [])),
  )
  const names = last.map(({ name }) => shortened(name, narrow ? 13 : 22))
  const ratings = points.map(({ rating }) => rating)
  const [low, high] = [Math.min(...ratings) - 15, Math.max(...ratings) + 15]
  const heights = spread(
    last.map(({ rating }) => ((high - rating) / (high - low)) * (height - 80)),
    16,
  )
  const ends = last.map(({ model, rating }, at) => ({
    week: weeks.at(-1)?.week,
    model,
    rating,
    label: names[at] ?? '',
    at: high - ((heights[at] ?? 0) / (height - 80)) * (high - low),
  }))
  const day = new Intl.DateTimeFormat(text.locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const stroke = ({ model }: { model: ModelId }) => colour.get(model) ?? palette.ink
  const shown = narrow ? 3 : 7
  const every = Math.ceil(weeks.length / shown)
  return {
    ...style,
    width: look.width,
    height,
    marginLeft: 52,
    marginRight: Math.ceil(Math.max(...names.map(name => name.length)) * letter * 1.12) + 18,
    marginTop: 28,
    marginBottom: 48,
    x: {
      type: 'utc',
      label: charts.weekAxis,
      ticks: weeks.filter((_, at) => (weeks.length - 1 - at) % every === 0).map(({ week }) => week),
      tickFormat: (week: Date) => day.format(week),
    },
    y: { label: charts.ratingAxis, domain: [low, high], ticks: 6, tickFormat: (value: number) => `${value}` },
    marks: [
      Plot.gridY({ stroke: palette.line, strokeOpacity: 1 }),
      Plot.line(points, { x: 'week', y: 'rating', z: 'model', stroke, strokeWidth: 2.5 }),
      Plot.dot(ends, { x: 'week', y: 'rating', r: 4, fill: stroke }),
      Plot.text(ends, {
        x: 'week',
        y: 'at',
        text: 'label',
        textAnchor: 'start',
        dx: 10,
        fill: stroke,
        fontWeight: 700,
      }),
    ],
  }
}

function headingOf(board: Leaderboard, sheet: Sheet) {
  const { text } = sheet
  return heading(leaderboardTitle(board, text), [leaderboardBasis(board, text), leaderboardVerdict(board, text)], sheet)
}

function heading(title: string, sentences: readonly string[], { look }: Sheet) {
  const fits = Math.floor((look.width - 32) / letter)
  return [
    { line: shortened(title, fits), strong: true },
    ...sentences.flatMap(sentence => wrapped(sentence, fits).map(line => ({ line, strong: false }))),
  ]
}

/** The plot as a document of its own: what Plot leaves to a style sheet becomes attributes, so that no policy is in its way. */
function finished({ options, heading = [] }: Plotted, chart: Chart, { look, palette, text }: Sheet): string {
  const svg = Plot.plot(options) as SVGSVGElement
  for (const style of [...svg.querySelectorAll('style')]) style.remove()
  // Plot's halo is the colour of a page that is not there.
  const inner = svg.innerHTML.replaceAll('var(--plot-background)', palette.paper)
  const head = heading.length === 0 ? 0 : heading.length * 21 + 26
  const height = Number(svg.getAttribute('height')) + head
  const lines = heading.map(({ line, strong }, at) => {
    const weight = strong ? ' font-weight="700" font-size="16"' : ` fill="${palette.soft}"`
    return `<text x="16" y="${30 + at * 21}"${weight}>${escaped(line)}</text>`
  })
  const document = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${look.width}" height="${height}" viewBox="0 0 ${look.width} ${height}" role="img" fill="${palette.ink}" color="${palette.ink}" font-family="${font}" font-size="${fontSize}" text-anchor="start">`,
    `<title>${escaped(titleOf(chart, text))}</title><desc>${escaped(describe(chart, text))}</desc>`,
    `<rect width="${look.width}" height="${height}" fill="${palette.paper}"/>`,
    ...lines,
    `<g text-anchor="middle" transform="translate(0,${head})">${inner}</g></svg>`,
  ].join('\n')
  return allowedInXml(document)
}

function titleOf(chart: Chart, text: Text): string {
  const { charts, title } = text.leaderboard
  if (chart.kind === 'summary') return summaryTitle(chart.summary, text)
  return chart.kind === 'post' ? `${title}: ${formatDate(chart.board.at, text)}` : charts[chart.kind]
}

/** Plot takes equal names for one row. */
function distinct(names: readonly string[]): string[] {
  return names.map((name, at) => (names.indexOf(name) === at ? name : `${name} ${at + 1}`))
}

function mostCommon<Value>(values: readonly Value[]): Value | undefined {
  const counts = Map.groupBy(values, value => value)
  return [...counts].sort(([, a], [, b]) => b.length - a.length)[0]?.[0]
}

type Side = { anchor: 'start' | 'middle' | 'end'; dx: number; dy: number }

const sides: readonly Side[] = [
  { anchor: 'start', dx: 11, dy: 0 },
  { anchor: 'end', dx: -11, dy: 0 },
  { anchor: 'start', dx: 8, dy: -14 },
  { anchor: 'start', dx: 8, dy: 14 },
  { anchor: 'end', dx: -8, dy: -14 },
  { anchor: 'end', dx: -8, dy: 14 },
]

/** Where the label of each dot covers no other dot and no other label, as far as that can be had. In px. */
function labelsBeside(dots: readonly { x: number; y: number; label: string }[], width: number): Side[] {
  const taken = dots.map(({ x, y }) => ({ left: x - 8, right: x + 8, top: y - 8, bottom: y + 8 }))
  return dots.map(({ x, y, label }, own) => {
    const boxOf = ({ anchor, dx, dy }: Side) => {
      const width = label.length * letter
      const left = x + dx - (anchor === 'end' ? width : 0)
      return { left, right: left + width, top: y + dy - 7, bottom: y + dy + 7 }
    }
    const isFree = (side: Side) => {
      const box = boxOf(side)
      const isApart = (other: typeof box) =>
        box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom
      return box.left > -40 && box.right < width + 16 && taken.every((other, at) => at === own || isApart(other))
    }
    const side = sides.find(isFree) ?? { anchor: 'start', dx: 11, dy: 0 }
    taken.push(boxOf(side))
    return side
  })
}

/** Positions moved apart to at least `gap`, as little as that takes, in the order of the given ones. */
function spread(positions: readonly number[], gap: number): number[] {
  const order = positions.map((position, index) => ({ position, index })).sort((a, b) => a.position - b.position)
  const moved = new Array<number>(positions.length).fill(0)
  let free = Number.NEGATIVE_INFINITY
  for (const { position, index } of order) {
    moved[index] = Math.max(position, free)
    free = (moved[index] ?? 0) + gap
  }
  return moved
}

/** Steps of 1, 2 or 5 times a power of ten from 0. */
function niceTicks(most: number, about: number): number[] {
  if (!(most > 0)) return [0]
  const rough = most / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough) ?? rough
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step)
}

function wrapped(sentence: string, most: number): string[] {
  const lines: string[] = []
  for (const word of sentence.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= most) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

function blended(from: string, to: string, share: number): string {
  const part = (color: string, at: number) => Number.parseInt(color.slice(1 + 2 * at, 3 + 2 * at), 16)
  const mixed = [0, 1, 2].map(at => Math.round(part(from, at) + (part(to, at) - part(from, at)) * Math.min(1, share)))
  return `#${mixed.map(value => value.toString(16).padStart(2, '0')).join('')}`
}

/** Black or white, whichever has more contrast (WCAG's relative luminance). */
function readableOn(color: string): string {
  const linear = [0, 1, 2].map(at => {
    const share = Number.parseInt(color.slice(1 + 2 * at, 3 + 2 * at), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
  return luminance > 0.18 ? '#111018' : '#ffffff'
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
