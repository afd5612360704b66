/** The thread that draws: a picture takes a tenth of a second, in which nothing else would run. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { textFor } from '../core/text/index.ts'
import type { Chart, Look } from './chart.ts'
import { draw } from './draw.ts'
import { drawableChart, glyphsOf } from './glyphs.ts'

/** `scale`: pixels of the picture per CSS pixel; null: the drawing itself. */
export type Order = { id: number; chart: Chart; look: Look; scale: number | null }
export type Delivery = { id: number } & ({ drawing: string } | { picture: Uint8Array<ArrayBuffer> } | { error: string })

type Rasteriser = { fonts: Uint8Array[]; canDraw: (text: string) => boolean }

let ready: Promise<Rasteriser> | undefined

async function prepare(): Promise<Rasteriser> {
  const files = [
    import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'),
    import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  ]
  const [wasm, ...fonts] = await Promise.all(files.map(file => readFile(fileURLToPath(file))))
  if (wasm === undefined) throw new Error('the rasteriser is not there')
  const [regular] = fonts
  if (regular === undefined) throw new Error('the font is not there')
  await initWasm(wasm)
  // What the bold font lacks is taken from this one.
  return { fonts, canDraw: glyphsOf(regular) }
}

async function pictureOf(chart: Chart, look: Look, scale: number): Promise<Uint8Array<ArrayBuffer>> {
  ready ??= prepare()
  const { fonts, canDraw } = await ready
  const rasteriser = new Resvg(draw(drawableChart(chart, canDraw), look, textFor(look.locale)), {
    font: { fontBuffers: fonts, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: scale },
  })
  const image = rasteriser.render()
  try {
    return new Uint8Array(image.asPng())
  } finally {
    // The memory is not JavaScript's, so nobody else would give it back.
    image.free()
    rasteriser.free()
  }
}

parentPort?.on('message', async ({ id, chart, look, scale }: Order) => {
  const deliver = (delivery: Delivery) => parentPort?.postMessage(delivery)
  try {
    if (scale === null) deliver({ id, drawing: draw(chart, look, textFor(look.locale)) })
    else deliver({ id, picture: await pictureOf(chart, look, scale) })
  } catch (error) {
    deliver({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})
