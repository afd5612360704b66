/** Which workspaces let us in, and as whom. */
import type { Installations } from '../../core/ports.ts'
import type { Team } from './place.ts'
import type { Seals } from './seals.ts'

export type Access = { token: string; botUserId: string; botName: string; team: string; teamName: string }

export type Teams = {
  /** Undefined where the app is not installed (any more). */
  find(team: Team): Promise<Access | undefined>
  /** Slack says that it is over. */
  remove(team: Team): Promise<void>
  /** Where there can be one only: that one. */
  only(): Promise<Access | undefined>
}

/** One workspace, by a token from the environment. */
export function oneTeam(access: Access, enterprise: string | null): Teams {
  return {
    // A token of an organisation serves every workspace in it.
    find: async ({ team, enterprise: of }) =>
      team === access.team || (enterprise !== null && of === enterprise) ? access : undefined,
    remove: async () => {},
    only: async () => access,
  }
}

/** How long what was read is believed, in milliseconds: another process may hear of an uninstall. */
const believedMs = 30_000

/** Many workspaces, each installed by itself; what Slack granted lies sealed in the database. */
export class InstalledTeams implements Teams {
  readonly #installations: Installations
  readonly #seals: Seals
  readonly #known = new Map<string, { access: Access; at: number }>()

  constructor(parts: { installations: Installations; seals: Seals }) {
    this.#installations = parts.installations
    this.#seals = parts.seals
  }

  async find({ team, enterprise }: Team): Promise<Access | undefined> {
    return (await this.#read(team)) ?? (enterprise === null ? undefined : await this.#read(enterprise))
  }

  /** `id`: the workspace's, or the organisation's where the app was installed on all of it. */
  async save(id: string, access: Access): Promise<void> {
    await this.#installations.save('slack', id, this.#seals.seal(JSON.stringify(access), id))
    this.#known.set(id, { access, at: performance.now() })
  }

  async remove({ team, enterprise }: Team): Promise<void> {
    // Where the organisation installed it, the workspace has nothing of its own.
    const id = (await this.#read(team)) ? team : (enterprise ?? team)
    await this.#installations.remove('slack', id)
    this.#known.delete(id)
  }

  async only(): Promise<undefined> {
    return undefined
  }

  async #read(id: string): Promise<Access | undefined> {
    const known = this.#known.get(id)
    if (known && performance.now() - known.at < believedMs) return known.access
    const sealed = await this.#installations.find('slack', id)
    const opened = sealed === undefined ? undefined : this.#seals.open(sealed, id)
    const access: Access | undefined = opened === undefined ? undefined : JSON.parse(opened)
    // That somebody is not there is not believed for long: they may be installing it.
    if (access) this.#known.set(id, { access, at: performance.now() })
    return access
  }
}
