import { Administrator } from '../support/administrator.ts';
import { Call } from '../support/call.ts';
import { PageClient } from '../support/page-client.ts';
import type { SipClient } from '../support/sip-client.ts';
import * as sip from '../support/sip-message.ts';
import type { Lie } from './lie.ts';

interface Listed {
  readonly browsers: readonly { readonly id: string }[];
}

/** Somebody who says that they are somebody else. */
export const FORGERY: readonly Lie[] = [
  {
    name: 'a phone calls with the From of another',
    guards: ['From is the sender’s own'],
    works: async (on) => {
      const [ada, ben] = [await on.register('101'), await on.register('102')];
      const call = new Call(ada, '102', { from: `<${ada.address('103')}>;tag=liar` });
      const hasArrived = await Promise.race([
        ben.request('INVITE').then(() => true),
        call.response(300).then(() => false),
      ]);
      if (hasArrived) call.cancel();
      return hasArrived;
    },
  },
  {
    name: 'a phone registers for another',
    guards: ['REGISTER is for oneself', 'bindings are one’s own'],
    works: async (on) => {
      const ada = await on.connect('101');
      return isTaken(await ada.register({ to: `<${ada.address('103')}>` }));
    },
  },
  {
    name: 'credentials that were overheard on another connection',
    guards: ['a nonce is for one connection'],
    works: async (on) => {
      const [ada, thief] = [await on.connect('101'), await on.connect('101')];
      const uri = `sip:${ada.domain}`;
      const overheard = ada.credentials(await challenge(ada, uri), 'REGISTER', uri, 'MD5');
      await challenge(thief, uri);
      const to = `<${ada.address()}>`;
      return isTaken(await thief.transact('REGISTER', uri, { to, fields: [overheard] }));
    },
  },
  {
    name: 'credentials that were made for another request',
    guards: ['credentials are for one request'],
    works: async (on) => {
      const ada = await on.connect('101');
      const uri = `sip:${ada.domain}`;
      const made = ada.credentials(await challenge(ada, uri), 'REGISTER', 'sip:elsewhere.example', 'MD5');
      return isTaken(await ada.transact('REGISTER', uri, { to: `<${ada.address()}>`, fields: [made] }));
    },
  },
  {
    name: 'a password of a phone is guessed, one try after the other',
    guards: ['wrong passwords over SIP are counted'],
    works: async (on) => {
      const answers: sip.Message[] = [];
      for (const password of [...Array.from({ length: 11 }, () => 'wrong'), undefined]) {
        const guesser = await on.connect('104');
        const uri = `sip:${guesser.domain}`;
        const tried = guesser.credentials(await challenge(guesser, uri), 'REGISTER', uri, 'MD5', password);
        answers.push(
          await guesser.transact('REGISTER', uri, { to: `<${guesser.address()}>`, fields: [tried] }),
        );
        guesser.close();
      }
      return isTaken(answers.at(-1) ?? sip.parse(''));
    },
  },
  {
    name: 'a phone goes on after its extension was suspended',
    guards: ['connections of a suspended extension end'],
    works: async (on) => {
      const [phone, management] = [
        await on.register('103'),
        await Administrator.signIn(on.server.organization),
      ];
      await management.suspend('103', true);
      const isHeard = await Promise.race([
        phone.closed.then(() => false),
        phone.transact('OPTIONS', `sip:${phone.domain}`).then(() => true),
      ]);
      await management.suspend('103', false);
      return isHeard;
    },
  },
  {
    name: 'a browser goes on after it was taken back',
    guards: ['a token that was taken back is forgotten'],
    works: async ({ server }) => {
      const page = await PageClient.open(server.line('104').url);
      const management = await Administrator.signIn(server.organization);
      const { browsers } = (await management.ask('GET /api/extensions/104/enrolments')) as Listed;
      for (const { id } of browsers) await management.ask(`DELETE /api/extensions/104/browsers/${id}`);
      const asked = await page.ask('GET /api/terminal');
      page.close();
      return asked.status === 200;
    },
  },
  {
    name: 'a refusal that tells which accounts there are',
    guards: ['unknown accounts are refused like wrong passwords'],
    works: async (on) => {
      const refusals: string[] = [];
      for (const username of ['101', '999']) {
        const guesser = await on.connect('101');
        const uri = `sip:${guesser.domain}`;
        const wrong = guesser.credentials(await challenge(guesser, uri), 'REGISTER', uri, 'MD5', 'wrong');
        const fields = [wrong.replace(/username="[^"]*"/, `username="${username}"`)];
        refusals.push(
          (await guesser.transact('REGISTER', uri, { to: `<${guesser.address()}>`, fields })).startLine,
        );
        guesser.close();
      }
      return refusals[0] !== refusals[1];
    },
  },
];

const isTaken = (response: sip.Message): boolean => sip.status(response) === 200;

const challenge = (phone: SipClient, uri: string): Promise<sip.Message> =>
  phone.transact('REGISTER', uri, { to: `<${phone.address()}>` });
