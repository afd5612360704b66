/**
 * Charts for pages and posts by one code: data → SVG by Observable Plot → PNG by resvg, in a thread of its own that is
 * started when it is needed and ends when it has been idle for a while.
 */
import { Worker } from 'node:worker_threads'
import type { Leaderboard } from '../core/leaderboard.ts'
import { type Locale, textFor } from '../core/text/index.ts'
import { type Chart, type DrawnWeek, describe, isWorthDrawing, type Look } from './chart.ts'
import type { Delivery, Order } from './worker.ts'

export { type Chart, type DrawnWeek, describe, isWorthDrawing, type Look } from './chart.ts'

/** How long the thread waits for more to draw, in milliseconds. */
const idleMs = 60_000

/** Of the thread, in MB: it is quick to make garbage, and shall be quick to clear it away. */
const memory = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 }

/** Narrow, so that it can be read on a phone, which shows it as wide as itself; three times the size for sharp screens. */
const postWidth = 480
const postScale = 3

export type Picture = { png: Uint8Array<ArrayBuffer>; alt: string }

export type Charts = {
  /** An SVG document, without style sheets, scripts or anything from elsewhere. */
  svg(chart: Chart, look: Look): Promise<string>
  /** A PNG; `scale`: its pixels per CSS pixel. */
  png(chart: Chart, look: Look, scale: number): Promise<Uint8Array<ArrayBuffer>>
  /** The picture for a post, with its text alternative; null where there is nothing to see. */
  post(of: Leaderboard | DrawnWeek, look: Pick<Look, 'locale' | 'theme'>): Promise<Picture | null>
  close(): Promise<void>
}

export function createCharts(): Charts {
  const thread = new DrawingThread()
  const png: Charts['png'] = async (chart, look, scale) => {
    const delivery = await thread.order({ chart, look, scale })
    if ('picture' in delivery) return delivery.picture
    throw new Error('no picture was delivered')
  }
  return {
    svg: async (chart, look) => {
      const delivery = await thread.order({ chart, look, scale: null })
      if ('drawing' in delivery) return delivery.drawing
      throw new Error('no drawing was delivered')
    },
    png,
    post: async (of, look) => {
      const chart: Chart = 'week' in of ? { kind: 'summary', summary: of } : { kind: 'post', board: of }
      if (!isWorthDrawing(chart)) return null
      return { png: await png(chart, { ...look, width: postWidth }, postScale), alt: altFor(chart, look.locale) }
    },
    close: () => thread.end(),
  }
}

function altFor(chart: Chart, locale: Locale): string {
  return describe(chart, textFor(locale))
}

class DrawingThread {
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #last = 0
  readonly #waiting = new Map<number, PromiseWithResolvers<Delivery>>()

  async order(order: Omit<Order, 'id'>): Promise<Delivery> {
    clearTimeout(this.#idle)
    this.#worker ??= this.#start()
    // Somebody waits for this; an idle thread alone keeps no process alive.
    this.#worker.ref()
    const id = ++this.#last
    const waiting = Promise.withResolvers<Delivery>()
    this.#waiting.set(id, waiting)
    this.#worker.postMessage({ id, ...order } satisfies Order)
    const delivery = await waiting.promise
    if ('error' in delivery) throw new Error(`chart not drawn: ${delivery.error}`)
    return delivery
  }

  async end(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { resourceLimits: memory })
    worker.on('message', (delivery: Delivery) => {
      this.#take(delivery.id)?.resolve(delivery)
      if (this.#waiting.size > 0) return
      worker.unref()
      this.#idle = setTimeout(() => void worker.terminate(), idleMs).unref()
    })
    const gone = (error: Error) => {
      if (this.#worker === worker) this.#worker = undefined
      for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(error)
    }
    worker.on('error', gone)
    worker.on('exit', () => gone(new Error('the drawing thread has ended')))
    return worker
  }

  #take(id: number): PromiseWithResolvers<Delivery> | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }
}
