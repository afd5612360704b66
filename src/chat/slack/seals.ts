/** Tokens at rest: AES-256-GCM, bound to whose they are, with a key that can be replaced. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

export type Seals = {
  seal(text: string, owner: string): string
  /** Undefined where no key of ours opens it, or it is somebody else's. */
  open(sealed: string, owner: string): string | undefined
}

/** `keys`: 32 bytes each. The first one seals, all of them open: a new key is put before the old one. */
export function sealsOf(keys: readonly Buffer[]): Seals {
  const named = keys.map(key => ({ key, name: createHash('sha256').update(key).digest('hex').slice(0, 8) }))
  return {
    seal: (text, owner) => {
      const [first] = named
      if (first === undefined) throw new Error('no key to seal with')
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return ['1', first.name, ...[iv, cipher.getAuthTag(), body].map(part => part.toString('base64url'))].join('.')
    },
    open: (sealed, owner) => {
      const [version, name, iv = '', tag = '', body = ''] = sealed.split('.')
      const key = named.find(candidate => candidate.name === name)?.key
      if (version !== '1' || key === undefined) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
        decipher.setAAD(Buffer.from(owner)).setAuthTag(Buffer.from(tag, 'base64url'))
        return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}
