import { startServices } from './services.ts'
import { median } from './report.ts'
const services = await startServices()
const trees = { now: '/work/main', reads: '/tmp/exp', named: '/tmp/exp2', both: '/tmp/exp3' }
const all: any[] = []
try {
for (const kind of ['redis', 'postgres']) for (const [name, dir] of Object.entries(trees)) {
  const { wholePath } = await import(dir + '/bench/contenders.ts')
  all.push({ name: name + ' ' + kind, w: await wholePath(name, services, kind === 'redis' ? await services.redis() : undefined), rates: [] as number[], tx: 0 })
}
for (const c of all) await c.w.run(50)
for (let r = 0; r < 7; r++) for (const c of [...all.slice(r), ...all.slice(0, r)]) {
  const t = performance.now(); await c.w.run(150); c.rates.push(150000 / (performance.now() - t))
}
for (const c of all) console.log(c.name.padEnd(18), median(c.rates).toFixed(1), c.rates.map((x: number) => x.toFixed(0)).join(' '))
for (const c of all) await c.w[Symbol.asyncDispose]()
} finally { await services[Symbol.asyncDispose]() }
