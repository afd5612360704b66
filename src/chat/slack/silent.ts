import { webApi } from '@slack/bolt'

/** The client's own logger prints what it was given; codes and secrets are among it. */
export const silent: webApi.Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => webApi.LogLevel.ERROR,
  setName: () => {},
}
