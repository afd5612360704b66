/** What the command line asks of the process that holds the embedded database. Whoever knows the token may ask. */
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { stream } from 'hono/streaming'
import { fastChatLines } from '../core/export.ts'
import type { Tallies } from '../core/ports.ts'
import { isSameSecret } from './gate.ts'

/** `token`: what a request has to show; null: nobody is let in. */
export type LocalAccess = { token: string | null; tallies: Tallies }

export function localRoutes({ token, tallies }: LocalAccess): Hono {
  const app = new Hono()
  app.use('/local/*', tokenCheck(token))
  app.get('/local/tallies', async c => c.json(await tallies.check()))
  app.post('/local/tallies', async c => {
    await tallies.rebuild()
    return c.json(await tallies.check())
  })
  app.get('/local/votes', c => votes(c, tallies))
  return app
}

/** A page of another site cannot send this header: it would have to ask first, and nobody answers. */
function tokenCheck(token: string | null): MiddlewareHandler {
  return async (c, next) => {
    const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
    if (token === null || given === undefined || !isSameSecret(given, token)) return c.notFound()
    return next()
  }
}

function votes(c: Context, tallies: Tallies): Response {
  c.header('Content-Type', 'application/x-ndjson; charset=utf-8')
  return stream(c, async body => {
    for await (const lines of fastChatLines(tallies)) {
      if (body.aborted) return
      await body.write(lines)
    }
    // Without its last line a cut answer would look like a whole one.
    await body.write('\n')
  })
}
