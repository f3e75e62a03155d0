import type { MailboxStore } from '../exchange/voicemail/ports.ts';

/** The same store; `mailer` is told of new mail in the outbox; without a mailer nothing goes there. */
export const mailedStore = (store: MailboxStore, mailer: { wake(): void } | undefined): MailboxStore => ({
  load: () => store.load(),
  insert: async (message, mailTo) => {
    await store.insert(message, mailer ? mailTo : null);
    if (mailTo !== null) mailer?.wake();
  },
  update: (message) => store.update(message),
  remove: (messages) => store.remove(messages),
  putMailbox: (mailbox) => store.putMailbox(mailbox),
});
