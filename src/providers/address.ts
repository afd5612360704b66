import { BlockList, isIP } from 'node:net'
import type { Region } from '../core/model.ts'
import type { Text } from '../core/text/index.ts'
import type { BaseUrl } from './row.ts'

const privateNetworks = new BlockList()
privateNetworks.addSubnet('10.0.0.0', 8)
privateNetworks.addSubnet('172.16.0.0', 12)
privateNetworks.addSubnet('192.168.0.0', 16)
privateNetworks.addSubnet('127.0.0.0', 8)
privateNetworks.addAddress('::1', 'ipv6')
privateNetworks.addSubnet('fc00::', 7, 'ipv6')

/** What can be wrong with an address. `text.catalogue.address` says it, to be read after the address's name. */
type AddressProblem = keyof Text['catalogue']['address']

/**
 * A base URL that somebody typed, without its trailing slashes; or what is wrong with it. Plain HTTP would show keys and
 * prompts to the network, so it goes to this machine and private ones only.
 */
export function readBaseUrl(typed: string): { url: string } | { problem: AddressProblem } {
  const url = URL.parse(typed.trim())
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return { problem: 'noAddress' }
  if (url.username || url.password) return { problem: 'holdsPassword' }
  if (url.search || url.hash) return { problem: 'holdsQuery' }
  if (url.protocol === 'http:' && !isPrivateHost(url.hostname)) return { problem: 'plainHttp' }
  return { url: url.href.replace(/\/+$/, '') }
}

/** Loopback and private addresses, names without a dot (a container's), `.local`, `.internal` and `.localhost`. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  const version = isIP(host)
  if (version !== 0) return privateNetworks.check(host, version === 6 ? 'ipv6' : 'ipv4')
  return !host.includes('.') || /\.(local|internal|localhost)$/.test(host)
}

/** True when `url` is one of the provider's own addresses, for which its key was given. */
export function isKnownAddress(url: string, known: readonly BaseUrl[]): boolean {
  return known.some(base => isAt(url, base))
}

/** Where prompts sent to `url` are processed. */
export function regionOf(url: string, known: readonly BaseUrl[]): Region | null {
  const base = known.find(candidate => isAt(url, candidate))
  if (base) return base.region
  return isPrivateHost(new URL(url).hostname) ? 'local' : null
}

function isAt(url: string, base: BaseUrl): boolean {
  const { origin, hostname } = new URL(url)
  if (origin === new URL(base.url).origin) return true
  return (base.hosts ?? []).some(ending => hostname.endsWith(ending))
}
