import { inject } from 'vitest'
import { type ChatHarness, chatContract, contractModels, type Seen, summaryDue } from '../contract/chat.ts'
import { startConsole } from './a-console.ts'

chatContract('the console', async (): Promise<ChatHarness> => {
  const console = await startConsole({ postgresUrl: inject('postgresUrl'), models: contractModels })
  const { arena, chat, models, store, workspaceId, url } = console
  return {
    arena,
    chat,
    models,
    asker: await store.people.person(workspaceId, 'asker', { name: 'Astrid' }),
    where: { workspaceId, platform: 'console', channel: 'arena' },
    read: async id => {
      const channel = await (await fetch(url)).text()
      const page = await (await fetch(`${url}/c/${id}`)).text()
      return seen(/<article[\s\S]*<\/article>/.exec(page)?.[0] ?? '', channel.split(`id="c-${id}"`).length - 1)
    },
    dueSummary: () =>
      summaryDue(console, {
        workspaceId,
        platform: 'console',
        externalId: 'console',
        channel: 'arena',
        place: null,
      }),
    summaryPosts: async ({ id }) => {
      await store.summaries.settle(id, 'posted')
      const list = await (await fetch(`${url}/summaries`)).text()
      return list.split(`href="/summaries/${id}"`).length - 1
    },
    [Symbol.asyncDispose]: () => console[Symbol.asyncDispose](),
  }
})

function seen(raw: string, posts: number): Seen {
  return { posts, raw, text: visible(raw), acting: [...actingTags(raw), ...disguisedLinks(raw)] }
}

function visible(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

/** Tags and attributes that the console writes nowhere, and that would run or fetch something. */
function actingTags(html: string): string[] {
  const tags = html.match(/<(script|img|iframe|object|embed|style|link|base|meta|template|hx-\w+)\b[^>]*>/gi) ?? []
  const handlers = html.match(/<[^>]*\s(on\w+|hx-on[^=]*|src|srcset|style)\s*=[^>]*>/gi) ?? []
  const addresses = html.match(/<[^>]*\shref\s*=\s*["']?(javascript|data|vbscript):[^>]*>/gi) ?? []
  return [...tags, ...handlers, ...addresses]
}

/** Links whose text is not their own address and that do not say where they lead. */
function disguisedLinks(html: string): string[] {
  const links = [...html.matchAll(/<a href="(https?:[^"]*)"[^>]*>(.*?)<\/a>( <bdi class="host">\((.*?)\)<\/bdi>)?/gs)]
  return links
    .filter(([, href = '', text = '', , host]) => {
      const real = new URL(href.replaceAll('&amp;', '&')).host
      const named = URL.canParse(text) ? new URL(text).host : ''
      return named !== real && host !== real
    })
    .map(([link]) => link)
}
