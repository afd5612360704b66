import { objects, string } from '../json.ts'
import { Refusal } from '../refusal.ts'
import { contentsOf } from './chat.ts'
import { type Method, openChannelOf, structured, threadOf } from './request.ts'

/** The upload itself is `emulate`'s; sharing a file in a channel is ours, since messages are. */
export const files: Record<string, Method> = {
  'files.getUploadURLExternal': {
    scopes: ['files:write'],
    async run({ emulated, workspace, args, url }) {
      const answer = await emulated.call(workspace, 'files.getUploadURLExternal', args)
      if (answer?.ok !== true) throw new Refusal(string(answer?.error) || 'invalid_arguments')
      return { upload_url: `${url}/upload/${workspace.id}/${string(answer.file_id)}`, file_id: answer.file_id }
    },
  },
  'files.completeUploadExternal': {
    scopes: ['files:write'],
    async run(request) {
      const { state, workspace, args, emulated } = request
      const channelId = string(args.channel_id) || string(args.channels)
      const inside = { ...request, args: { ...args, channel: channelId } }
      const channel = channelId === '' ? undefined : openChannelOf(inside, false)
      const threadTs = channel && threadOf(inside, channel)
      const says = structured(args, 'blocks') === undefined ? undefined : contentsOf(request, { blocks: args.blocks })
      const { answer, uploaded } = await emulated.completeUpload(workspace, structured(args, 'files'))
      if (answer.ok !== true) throw new Refusal(string(answer.error) || 'invalid_arguments')
      for (const file of uploaded) {
        state.files.set(file.id, { ...file, team: workspace.id, refusals: state.refusalsPerFile })
      }
      if (channel !== undefined) {
        state.add({
          team: workspace.id,
          channel: channel.id,
          ts: state.clock.timestamp(),
          threadTs,
          user: workspace.botUserId,
          ours: true,
          text: string(args.initial_comment),
          blocks: says?.blocks ?? [],
          files: uploaded,
          via: 'files.completeUploadExternal',
        })
      }
      return { files: objects(answer.files) }
    },
  },
}
