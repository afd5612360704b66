/** The rows as the driver returns them: `bigint` arrives as a string, and is written as a number. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { AnswerStatus, Category, Choice, Comparison, Label, Platform } from '../core/comparison.ts'
import type { FailureCode } from '../core/errors.ts'
import type { Currency, ModelId } from '../core/model.ts'
import type { Locale } from '../core/text/index.ts'

type BigInteger = ColumnType<string | null, number | null | undefined, number | null>

export type Tables = {
  workspace: { id: string; platform: Platform; external_id: string }
  person: {
    id: string
    workspace_id: string
    platform: Platform
    external_id: string
    name: string
    name_folded: string
    admin: Generated<boolean>
    locale: Locale | null
  }
  comparison: {
    id: string
    workspace_id: string
    channel: string
    asker_id: string
    prompt: string
    category: Category | null
    blind: boolean
    locale: Locale
    status: Generated<Comparison['status']>
    created_at: Date
    closes_at: Date
    closed_at: Date | null
    stop_requested_at: Date | null
    place: string | null
  }
  contestant: {
    comparison_id: string
    label: Label
    model: ModelId
    status: Generated<AnswerStatus>
    run: Generated<number>
    text: Generated<string>
    failure: FailureCode | null
    retry_at: Date | null
    end_reason: 'stop' | 'length' | null
    prompt_tokens: BigInteger
    completion_tokens: BigInteger
    cost_micros: BigInteger
    currency: Currency | null
    first_token_ms: BigInteger
    duration_ms: BigInteger
    named_itself: Generated<boolean>
    style: number[] | null
  }
  draft: { comparison_id: string; label: Label; run: number; text: string }
  vote: {
    comparison_id: string
    voter_id: string
    workspace_id: string
    choice: Choice
    cast_at: Date
    by_reaction: Generated<boolean>
  }
  reaction: { comparison_id: string; voter_id: string; workspace_id: string; choice: Choice; seen_at: Date }
  post: { comparison_id: string; part: string; external_id: string | null; claimed_at: Date }
  setting: { name: string; value: string }
}

export type Database = Kysely<Tables>
