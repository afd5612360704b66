/** People's names may hold anything; an XML parser stops at a control character, however it is written. */
export function allowedInXml(markup: string): string {
  return markup.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
}
