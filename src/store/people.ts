import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { FaceoffError } from '../core/errors.ts'
import type { People, Person } from '../core/ports.ts'
import { violates } from './guard.ts'
import type { Database, Tables } from './tables.ts'

export function peopleOf(db: Database): People {
  return {
    workspace: async (platform, externalId) => {
      // The update changes nothing and makes the row come back, whoever was first.
      const { id } = await db
        .insertInto('workspace')
        .values({ id: newId(), platform, external_id: externalId })
        .onConflict(conflict => conflict.columns(['platform', 'external_id']).doUpdateSet({ external_id: externalId }))
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },

    person: async (workspaceId, externalId, { name }) => {
      const folded = foldedOf(name)
      const { rows } = await refusingTaken(
        name,
        sql<PersonRow>`
          INSERT INTO person (id, workspace_id, platform, external_id, name, name_folded)
          SELECT ${newId()}, id, platform, ${externalId}, ${name}, ${folded} FROM workspace WHERE id = ${workspaceId}
          ON CONFLICT (workspace_id, external_id) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded
          RETURNING id, workspace_id, name, admin, locale`.execute(db),
      )
      const [row] = rows
      if (row === undefined) throw new FaceoffError({ code: 'internal' }, { message: 'no such workspace' })
      return personOf(row)
    },

    find: async id => {
      const row = await people(db).where('id', '=', id).executeTakeFirst()
      return row && personOf(row)
    },

    known: async (workspaceId, externalId) => {
      const row = await people(db)
        .where('workspace_id', '=', workspaceId)
        .where('external_id', '=', externalId)
        .executeTakeFirst()
      return row && personOf(row)
    },

    rename: async (id, name) => {
      const folded = foldedOf(name)
      const { rows } = await refusingTaken(
        name,
        sql<{ taken: boolean }>`
          WITH namesake AS (
            SELECT FROM person AS me JOIN person AS other
              ON other.workspace_id = me.workspace_id AND other.id <> me.id AND other.name_folded = ${folded}
            WHERE me.id = ${id}
          ), renamed AS (
            UPDATE person SET name = ${name}, name_folded = ${folded}
            WHERE id = ${id} AND NOT EXISTS (SELECT FROM namesake)
          )
          SELECT EXISTS (SELECT FROM namesake) AS taken`.execute(db),
      )
      if (rows[0]?.taken) throw new FaceoffError({ code: 'name_taken', name })
    },

    makeAdmin: async id => {
      await db.updateTable('person').set({ admin: true }).where('id', '=', id).execute()
    },
  }
}

function people(db: Database) {
  return db.selectFrom('person').select(['id', 'workspace_id', 'name', 'admin', 'locale'])
}

type PersonRow = Pick<Tables['person'], 'id' | 'workspace_id' | 'name' | 'locale'> & { admin: boolean }

function personOf(row: PersonRow): Person {
  return { id: row.id, workspaceId: row.workspace_id, name: row.name, admin: row.admin, locale: row.locale }
}

/** Names that a reader would take for the same are the same. */
export function foldedOf(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

/** Two people of the console may take a name at the same moment: then the index decides. */
async function refusingTaken<T>(name: string, query: Promise<T>): Promise<T> {
  try {
    return await query
  } catch (error) {
    if (violates(error, 'person_console_name')) throw new FaceoffError({ code: 'name_taken', name })
    throw error
  }
}
