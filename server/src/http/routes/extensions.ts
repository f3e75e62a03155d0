import { api, isWithin } from '@perch/shared';
import type { ExtensionView, FloorTerminal } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import type { Extension } from '../../exchange/ports.ts';
import { type Acting, noSuchExtension } from '../../management/extensions.ts';
import type { ExchangeControl } from '../../management/ports.ts';
import { Refusal } from '../../management/refusal.ts';
import type { PersonCaller } from '../access/access.ts';
import { inPortions, LongList } from '../files/long-list.ts';
import { baseUrlOf, enrolmentUrl, isOnlyHere } from '../links.ts';
import { operation } from '../operation.ts';
import type { HttpOptions, HttpPorts } from '../ports.ts';

/** Extensions that are looked at, and sent, at a time. */
const PORTION = 100;

/** Extensions and who is where, for people who manage them. */
export function extensionRoutes(
  app: FastifyInstance,
  { publicUrl }: HttpOptions,
  { management, clock }: HttpPorts,
): void {
  const { extensions, terminals, exchanges } = management;
  const visibleTo = ({ person, scope }: PersonCaller): readonly Extension[] =>
    extensions.all(person).filter((extension) => isWithin(scope, extension));

  operation(app, management, api.extensions, ({ caller }) => {
    const exchange = exchanges.of(caller.person.organization);
    const viewsOf = async (portion: readonly Extension[]): Promise<readonly ExtensionView[]> => {
      const views = await Promise.all(portion.map(({ id }) => exchange.viewExtension(id)));
      return views.filter((view) => view !== null);
    };
    return new LongList(inPortions(visibleTo(caller), PORTION, viewsOf));
  });

  operation(app, management, api.groups, ({ caller }) => {
    const groups = new Set(visibleTo(caller).map(({ group }) => group));
    return [...groups].filter((group) => group !== null).sort((a, b) => a.localeCompare(b));
  });

  operation(app, management, api.createExtension, async ({ caller, body, note }) => {
    note({ about: body.number, subject: { kind: 'extension', number: body.number } });
    const created = await extensions.create(acting(caller), body);
    return viewOrRefusal(created, exchanges.of(caller.person.organization));
  });

  operation(app, management, api.extension, ({ caller, params }) => {
    const { organization } = caller.person;
    return viewOrRefusal(extensions.find(organization, params.number), exchanges.of(organization));
  });

  operation(app, management, api.changeExtension, async ({ caller, params, body }) => {
    const changed = await extensions.change(acting(caller), params.number, body);
    return viewOrRefusal(changed, exchanges.of(caller.person.organization));
  });

  operation(app, management, api.deleteExtension, ({ caller, params }) =>
    extensions.delete(acting(caller), params.number),
  );

  operation(app, management, api.setSecretCode, ({ caller, params, body }) =>
    extensions.setSecretCode(acting(caller), params.number, body.code),
  );

  operation(app, management, api.setVoicemailPin, ({ caller, params, body }) =>
    extensions.setVoicemailPin(acting(caller), params.number, body.pin),
  );

  operation(app, management, api.issueSipCredentials, ({ caller, params }) =>
    extensions.issueSipCredentials(acting(caller), params.number),
  );

  operation(app, management, api.issueEnrolment, async ({ caller, params, body, request, note }) => {
    note({ after: { uses: body.uses, hours: body.hours } });
    const enrolment = await terminals.issueEnrolment(acting(caller), params.number, body);
    if (enrolment instanceof Refusal) return enrolment;
    const { extension, code, expiresAt, uses } = enrolment;
    const url = enrolmentUrl(baseUrlOf(request, publicUrl), extension, code);
    return { url, expiresAt, uses, onlyHere: isOnlyHere(url) };
  });

  operation(app, management, api.enrolments, ({ caller, params }) =>
    terminals.enrolments(acting(caller), params.number),
  );

  operation(app, management, api.revokeBrowser, ({ caller, params }) =>
    terminals.revokeBrowser(acting(caller), params.number, params.enrolment),
  );

  operation(app, management, api.withdrawEnrolment, ({ caller, params }) =>
    terminals.withdrawEnrolment(acting(caller), params.number, params.enrolment),
  );

  operation(app, management, api.returnToBase, async ({ caller, params }) => {
    const { organization, who } = acting(caller);
    const exchange = exchanges.of(organization);
    const extension = extensions.find(organization, params.number);
    if (extension instanceof Refusal) return extension;
    if ((await exchange.returnToBase(extension.id, who)) === 'nothing-to-do')
      return new Refusal('not-virtual', `${extension.name} is on no other phone.`);
    return viewOf(extension, exchange);
  });

  operation(app, management, api.moveExtension, async ({ caller, params, body, note }) => {
    note({ after: { movedTo: body.to } });
    const { organization, who } = acting(caller);
    const exchange = exchanges.of(organization);
    const extension = extensions.find(organization, params.number);
    if (extension instanceof Refusal) return extension;
    // The desk is as little to be reached from outside a group as the extension.
    const desk = extensions.find(organization, body.to);
    if (desk instanceof Refusal) return desk;
    if (!isWithin(caller.scope, desk)) return noSuchExtension(body.to);
    switch (await exchange.send(extension.id, desk.id, who)) {
      case 'done':
        return viewOf(extension, exchange);
      case 'not-allowed':
        return new Refusal('desk-not-allowed', `${extension.name} cannot be moved to ${desk.name}.`);
      case 'occupied':
        return new Refusal('desk-occupied', `Somebody else is on ${desk.name}.`);
      case 'waiting':
        return new Refusal(
          'emergency-call',
          'There is an emergency call on one of the two phones. The move is made when it has ended.',
        );
    }
  });

  operation(app, management, api.floor, ({ caller }) => {
    const exchange = exchanges.of(caller.person.organization);
    const viewsOf = async (portion: readonly Extension[]): Promise<readonly FloorTerminal[]> => {
      const views = await Promise.all(
        portion.map(async ({ terminal, suspended }) => {
          const view = await exchange.view(terminal);
          return view ? [{ ...view, suspended }] : [];
        }),
      );
      return views.flat();
    };
    const terminals = inPortions(visibleTo(caller), PORTION, viewsOf);
    return new LongList(terminals, { head: { at: clock.now() }, name: 'terminals' });
  });
}

const acting = ({ person }: PersonCaller): Acting => ({
  organization: person.organization,
  who: person.email,
});

const viewOrRefusal = async (
  extension: Extension | Refusal,
  exchange: ExchangeControl,
): Promise<ExtensionView | Refusal> =>
  extension instanceof Refusal ? extension : viewOf(extension, exchange);

async function viewOf(extension: Extension, exchange: ExchangeControl): Promise<ExtensionView | Refusal> {
  return (await exchange.viewExtension(extension.id)) ?? noSuchExtension(extension.number);
}
