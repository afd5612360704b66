/** Discord's gateway: sessions that can be resumed, and events only for those who asked for them. */
import type { Server } from 'node:http'
import { GatewayIntentBits as intents } from 'discord.js'
import { type WebSocket, WebSocketServer } from 'ws'
import { numberOf, objectOf, textOf } from './checks.ts'
import { type Json, snowflake } from './model.ts'

type Session = {
  id: string
  intents: number
  shard: number
  socket: WebSocket | null
  /** Every event of the session, to be sent again when it resumes. */
  sent: Json[]
}

export type Event = { name: string; data: Json; guildId: string | null; intent: number }

export class GatewayServer {
  readonly #sockets: WebSocketServer
  readonly #token: string
  readonly #shards: number
  readonly #ready: (shard: number) => { user: Json; applicationId: string; guilds: Json[] }
  readonly #changed: () => void
  readonly #sessions = new Map<string, Session>()
  #loses = false
  #refuses = false

  constructor(options: {
    http: Server
    token: string
    shards: number
    ready: (shard: number) => { user: Json; applicationId: string; guilds: Json[] }
    changed: () => void
  }) {
    this.#token = options.token
    this.#shards = options.shards
    this.#ready = options.ready
    this.#changed = options.changed
    this.#sockets = new WebSocketServer({ noServer: true })
    options.http.on('upgrade', (request, socket, head) => {
      if (this.#refuses) socket.destroy()
      else this.#sockets.handleUpgrade(request, socket, head, opened => this.#open(opened))
    })
  }

  get connections(): number {
    return [...this.#sessions.values()].filter(({ socket }) => socket !== null).length
  }

  refuse(on: boolean): void {
    this.#refuses = on
  }

  /** A gateway that looks well and says nothing: events made meanwhile are lost. */
  lose(on: boolean): void {
    this.#loses = on
  }

  drop({ resumable }: { resumable: boolean }): void {
    for (const session of this.#sessions.values()) {
      session.socket?.close(4000, 'dropped')
      session.socket = null
      if (!resumable) this.#sessions.delete(session.id)
    }
  }

  send({ name, data, guildId, intent }: Event): void {
    if (this.#loses) return
    const shard = guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(this.#shards))
    for (const session of this.#sessions.values()) {
      if (session.shard !== shard || (intent !== 0 && (session.intents & intent) === 0)) continue
      this.#dispatch(session, name, data)
    }
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#sockets.close()
  }

  #open(socket: WebSocket): void {
    let session: Session | undefined
    const say = (payload: Json) => socket.send(JSON.stringify(payload))
    say({ op: 10, d: { heartbeat_interval: 41_250 } })
    socket.on('close', () => {
      if (session?.socket === socket) session.socket = null
      this.#changed()
    })
    socket.on('message', raw => {
      const { op, d } = objectOf(JSON.parse(String(raw)))
      const data = objectOf(d)
      if (op === 1) say({ op: 11 })
      if (op === 2) {
        if (textOf(data.token) !== this.#token) {
          socket.close(4004, 'Authentication failed.')
          return
        }
        session = this.#identify(socket, data)
      }
      if (op === 6) {
        session = this.#sessions.get(textOf(data.session_id))
        if (!session) {
          say({ op: 9, d: false })
          return
        }
        session.socket = socket
        for (const event of session.sent.filter(({ s }) => numberOf(s) > numberOf(data.seq))) say(event)
        this.#dispatch(session, 'RESUMED', {})
        this.#changed()
      }
    })
  }

  #identify(socket: WebSocket, data: Json): Session {
    const shard = Array.isArray(data.shard) ? Number(data.shard[0]) : 0
    const session: Session = { id: snowflake(), intents: numberOf(data.intents), shard, socket, sent: [] }
    this.#sessions.set(session.id, session)
    const { user, applicationId, guilds } = this.#ready(shard)
    this.#dispatch(session, 'READY', {
      v: 10,
      user,
      session_id: session.id,
      resume_gateway_url: this.resumeUrl,
      shard: [shard, this.#shards],
      application: { id: applicationId, flags: 0 },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    })
    if ((session.intents & intents.Guilds) !== 0) {
      for (const guild of guilds) this.#dispatch(session, 'GUILD_CREATE', guild)
    }
    this.#changed()
    return session
  }

  /** Set once the port is known. */
  resumeUrl = ''

  #dispatch(session: Session, name: string, data: Json): void {
    const event = { op: 0, t: name, s: session.sent.length + 1, d: data }
    session.sent.push(event)
    session.socket?.send(JSON.stringify(event))
  }
}
