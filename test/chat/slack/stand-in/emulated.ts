/** One `emulate` per workspace, started when first needed: it knows one team only and gives people ids of its own. */
import { createEmulator, type Emulator } from 'emulate'
import type { App } from './app.ts'
import { inner, type Json, objects, parsed, string } from './json.ts'
import type { Workspace } from './model.ts'

const itsTeam = 'T000000001'
const itsToken = 'xoxb-of-the-emulator'

export type Uploaded = { id: string; name: string; title: string; mimetype: string; bytes: Buffer }

export class Emulated {
  readonly #app: App
  readonly #started = new Map<string, Promise<Emulator>>()
  readonly #codes = new Map<string, { emulator: Emulator; workspace: Workspace }>()

  constructor(app: App) {
    this.#app = app
  }

  /** `undefined` for a method that it does not know either. Channels and people are its own. */
  async call(workspace: Workspace, method: string, args: Json): Promise<Json | undefined> {
    const { token, ...rest } = args
    const response = await fetch(`${await this.#addressFor(workspace)}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${itsToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(rest),
    })
    const text = await response.text()
    return response.status === 404 ? undefined : inner(parsed(text.replaceAll(itsTeam, workspace.id)))
  }

  async upload(
    workspace: Workspace,
    fileId: string,
    type: string,
    body: Buffer,
  ): Promise<{ status: number; text: string }> {
    const address = `${await this.#addressFor(workspace)}/upload/v1/${fileId}`
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    })
    return { status: response.status, text: await response.text() }
  }

  async completeUpload(workspace: Workspace, files: unknown): Promise<{ answer: Json; uploaded: Uploaded[] }> {
    const answer = (await this.call(workspace, 'files.completeUploadExternal', { files })) ?? {}
    const uploaded: Uploaded[] = []
    for (const file of objects(answer.files)) {
      const headers = { authorization: `Bearer ${itsToken}` }
      const response = await fetch(string(file.url_private), { headers })
      const [id, name, title, mimetype] = [file.id, file.name, file.title, file.mimetype].map(string)
      const bytes = Buffer.from(await response.arrayBuffer())
      uploaded.push({ id: id ?? '', name: name ?? '', title: title ?? '', mimetype: mimetype ?? '', bytes })
    }
    return { answer, uploaded }
  }

  /** The page on which a person allows the app into a workspace. */
  async authorizePage(workspace: Workspace, query: URLSearchParams): Promise<{ status: number; html: string }> {
    const emulator = await this.#forInstalling(workspace, query.get('redirect_uri') ?? '')
    const response = await fetch(`${emulator.url}/oauth/v2/authorize?${query}`)
    const html = (await response.text()).replaceAll(
      'action="/oauth/v2/authorize/callback"',
      `action="/oauth/v2/authorize/callback?team=${workspace.id}"`,
    )
    return { status: response.status, html }
  }

  /** Where the browser goes next, with a code. */
  async allow(workspace: Workspace, form: URLSearchParams): Promise<string> {
    const emulator = await this.#forInstalling(workspace, form.get('redirect_uri') ?? '')
    const response = await fetch(`${emulator.url}/oauth/v2/authorize/callback`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      redirect: 'manual',
    })
    const location = response.headers.get('location') ?? ''
    const code = URL.canParse(location) ? new URL(location).searchParams.get('code') : null
    if (code !== null) this.#codes.set(code, { emulator, workspace })
    return location
  }

  /** What a code is exchanged for; the workspace when it was. */
  async exchange(args: Json, authorization: string): Promise<{ answer: Json; workspace: Workspace | undefined }> {
    const known = this.#codes.get(string(args.code))
    if (known === undefined) return { answer: { ok: false, error: 'invalid_code' }, workspace: undefined }
    const response = await fetch(`${known.emulator.url}/api/oauth.v2.access`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== '' && { authorization }) },
      body: JSON.stringify(args),
    })
    const answer = inner(await response.json())
    return { answer, workspace: answer.ok === true ? known.workspace : undefined }
  }

  async close(): Promise<void> {
    for (const started of this.#started.values()) await (await started).close()
  }

  async #addressFor(workspace: Workspace): Promise<string> {
    return (await this.#start(workspace.id, workspace, [])).url
  }

  #forInstalling(workspace: Workspace, redirect: string): Promise<Emulator> {
    const people = [...workspace.users.values()].map(user => user.name).join()
    return this.#start(`${workspace.id} ${redirect} ${people}`, workspace, [redirect])
  }

  #start(key: string, workspace: Workspace, redirects: string[]): Promise<Emulator> {
    const { id, clientId, clientSecret } = this.#app
    const bot = { app_id: id, bot_id: workspace.botId, bot_user_id: workspace.botUserId }
    const started =
      this.#started.get(key) ??
      createEmulator({
        service: 'slack',
        port: 0,
        seed: {
          tokens: { [itsToken]: { login: workspace.botUserId, scopes: [] } },
          slack: {
            team: { name: workspace.name, domain: workspace.domain },
            users: [...workspace.users.values()].map(user => ({ name: user.name, is_admin: user.admin })),
            channels: [...workspace.channels.values()].filter(each => !each.im).map(({ name }) => ({ name })),
            oauth_apps: [
              {
                ...bot,
                bot_name: 'faceoff',
                name: 'Faceoff',
                client_id: clientId,
                client_secret: clientSecret,
                redirect_uris: redirects,
                scopes: [...workspace.scopes],
              },
            ],
            tokens: [{ ...bot, token: itsToken, type: 'bot', user_id: workspace.botUserId, scopes: [] }],
          },
        },
      })
    this.#started.set(key, started)
    return started
  }
}
