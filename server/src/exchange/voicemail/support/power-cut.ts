import type { MailboxStore, OpenRecording, Recordings } from '../ports.ts';

/** The same disk, until `steps` changes of it have been made: then nothing more happens there, and no promise settles. */
export function powerCut(
  steps: number,
  disk: { readonly store: MailboxStore; readonly recordings: Recordings },
): { readonly store: MailboxStore; readonly recordings: Recordings } {
  let left = steps;
  const change = <Result>(make: () => Promise<Result>): Promise<Result> => {
    left -= 1;
    return left < 0 ? new Promise(() => undefined) : make();
  };
  const cutOff = (file: OpenRecording): OpenRecording => ({
    write: (octets) => left < 0 || file.write(octets),
    keep: () => change(() => file.keep()),
    discard: () => change(() => file.discard()),
  });
  const { store, recordings } = disk;
  return {
    store: {
      load: () => store.load(),
      insert: (message, mailTo) => change(() => store.insert(message, mailTo)),
      update: (message) => change(() => store.update(message)),
      remove: (messages) => change(() => store.remove(messages)),
      putMailbox: (mailbox) => change(() => store.putMailbox(mailbox)),
    },
    recordings: {
      hasRoom: () => recordings.hasRoom(),
      begin: (label) => change(async () => cutOff(await recordings.begin(label))),
      read: (id) => recordings.read(id),
      delete: (id) => change(() => recordings.delete(id)),
      salvage: (known) => change(() => recordings.salvage(known)),
    },
  };
}
