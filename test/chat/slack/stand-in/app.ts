/** The app as it is registered with Slack: what a test hands to Bolt. */
export type App = {
  readonly id: string
  readonly clientId: string
  readonly clientSecret: string
  readonly signingSecret: string
  /** For Socket Mode. */
  readonly appToken: string
  /** The event types it has subscribed to. */
  readonly events: Set<string>
  /** Whether the app takes events by Socket Mode; where it listens otherwise. */
  requestUrl: string | 'sockets'
}
