import { floor, floorTerminal } from './extension-values.ts';
import type { Endpoint } from './api-endpoint.ts';
import { auditApi } from './audit-api.ts';
import { extensionListsApi } from './extension-lists-api.ts';
import { extensionsApi } from './extensions-api.ts';
import { laddersApi } from './ladders-api.ts';
import { organizationApi } from './organization-api.ts';
import { peopleApi } from './people-api.ts';
import { personalDataApi } from './personal-data-api.ts';
import { pushApi } from './push-api.ts';
import { ownApi } from './own-api.ts';
import { stationCodesApi } from './station-codes-api.ts';
import { recordsApi } from './records-api.ts';
import { secondFactorApi } from './second-factor-api.ts';
import { tokensApi } from './tokens-api.ts';
import { webhooksApi } from './webhooks-api.ts';
import { terminalApi } from './terminal-api.ts';

export const api = {
  ...peopleApi,
  ...secondFactorApi,
  ...tokensApi,
  ...auditApi,
  ...extensionsApi,
  ...extensionListsApi,
  ...recordsApi,
  ...laddersApi,
  ...organizationApi,
  ...personalDataApi,
  ...webhooksApi,
  floor: {
    method: 'GET',
    path: '/api/floor',
    access: 'view-floor',
    summary: 'Every terminal that one may see: who is on it, since when, and whether it is registered.',
    response: floor,
    lines: floorTerminal,
  },
  ...terminalApi,
  ...pushApi,
  ...ownApi,
  ...stationCodesApi,
} as const satisfies Record<string, Endpoint>;
