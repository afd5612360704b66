/** What a measured process tells the one that measures: where Slack reaches it, then its use of the machine when asked. */

export type Usage = { cpuSeconds: number; residentMiB: number }

export function report(url: string): void {
  process.send?.({ url })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const usage: Usage = { cpuSeconds: (user + system) / 1e6, residentMiB: process.memoryUsage().rss / 2 ** 20 }
    process.send?.({ usage })
  })
  process.once('disconnect', () => process.exit(0))
}
