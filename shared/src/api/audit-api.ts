import type { Endpoint } from './api-endpoint.ts';
import { auditCheck, auditFilter, auditPage, auditQuery } from '../management/audit.ts';

/** What people have done, and tried. */
export const auditApi = {
  audit: {
    method: 'GET',
    path: '/api/audit',
    access: 'view-audit',
    summary: 'What people have done, and tried: the latest first.',
    query: auditQuery,
    response: auditPage,
  },
  auditCsv: {
    method: 'GET',
    path: '/api/audit.csv',
    access: 'view-audit',
    audited: true,
    summary: 'The same as a table, whole.',
    query: auditFilter,
    csv: true,
  },
  checkAudit: {
    method: 'GET',
    path: '/api/audit/check',
    access: 'view-audit',
    summary: 'Is every entry there, and as it was written?',
    response: auditCheck,
  },
} as const satisfies Record<string, Endpoint>;
