import { api } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** What holds for everyone in an organization. */
export function organizationRoutes(app: FastifyInstance, { management }: HttpPorts): void {
  const { organizations, extensions, stationPins } = management;

  operation(app, management, api.stayLimits, ({ caller }) =>
    organizations.stayLimits(caller.person.organization),
  );

  operation(app, management, api.changeStayLimits, async ({ caller, body, note }) => {
    const { organization } = caller.person;
    note({ before: await organizations.stayLimits(organization), after: body });
    await organizations.setStayLimits(organization, body);
    return undefined;
  });

  operation(app, management, api.language, async ({ caller }) => ({
    language: await organizations.language(caller.person.organization),
  }));

  operation(app, management, api.changeLanguage, async ({ caller, body, note }) => {
    const { organization } = caller.person;
    note({ before: { language: await organizations.language(organization) }, after: body });
    await organizations.setLanguage(organization, body.language);
    return undefined;
  });

  operation(app, management, api.retention, ({ caller }) =>
    organizations.retention(caller.person.organization),
  );

  operation(app, management, api.changeRetention, async ({ caller, body, note }) => {
    const { organization } = caller.person;
    note({ before: await organizations.retention(organization), after: body });
    await organizations.setRetention(organization, body);
    return undefined;
  });

  operation(app, management, api.stationPin, ({ caller }) => {
    const { organization } = caller.person;
    const { stations, everywhere } = stationPins.locks(organization);
    const all = extensions.all(caller.person);
    return {
      isSet: stationPins.isSet(organization),
      lockedUntil: everywhere,
      locked: stations.flatMap(({ terminal, until }) => {
        const station = all.find((each) => each.terminal === terminal);
        return station === undefined ? [] : [{ number: station.number, name: station.name, until }];
      }),
    };
  });

  operation(app, management, api.setStationPin, ({ caller, body }) =>
    stationPins.set(caller.person.organization, body.pin),
  );

  operation(app, management, api.removeStationPin, async ({ caller }) => {
    await stationPins.remove(caller.person.organization);
    return undefined;
  });

  operation(app, management, api.liftStationPinLocks, async ({ caller }) => {
    await stationPins.forgive(caller.person.organization);
    return undefined;
  });
}
