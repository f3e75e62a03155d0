import { expect, test } from 'vitest';
import { placeAt } from './place.ts';

test.each([
  ['/admin', { kind: 'floor' }],
  ['/admin/', { kind: 'floor' }],
  ['/admin/floor/wall', { kind: 'wall' }],
  ['/admin/floor/plan', { kind: 'plan' }],
  ['/admin/people', { kind: 'people' }],
  ['/admin/audit/', { kind: 'audit' }],
  ['/admin/organization', { kind: 'organization' }],
  ['/admin/organization/personal-data', { kind: 'personal-data' }],
  ['/admin/organization/webhooks/', { kind: 'webhooks' }],
  ['/admin/organizations', { kind: 'organizations' }],
  ['/admin/calls', { kind: 'records' }],
  ['/admin/calls/stays', { kind: 'stays' }],
  ['/admin/calls/why/', { kind: 'why' }],
  ['/admin/calls/sip', { kind: 'ladders' }],
  ['/admin/calls/sip/leg-17/', { kind: 'ladder', id: 'leg-17' }],
  ['/admin/reports', { kind: 'reports' }],
  ['/admin/extensions', { kind: 'extensions' }],
  ['/admin/extensions/', { kind: 'extensions' }],
  ['/admin/extensions/101', { kind: 'extension', number: '101' }],
  ['/admin/extensions/101/', { kind: 'extension', number: '101' }],
  ['/admin/extensions/12345678', { kind: 'extension', number: '12345678' }],
])('%s is a place of management', (path, place) => {
  expect(placeAt(path)).toEqual(place);
});

test.each([
  '/admin/nowhere',
  '/admin/calls/more',
  '/admin/floor',
  '/admin/floor/wall/more',
  '/admin/calls/why/101',
  '/admin/calls/sip/a.b',
  '/admin/calls/sip/leg-17/more',
  '/admin/reports/101',
  '/admin/people/101',
  '/admin/organization/more',
  '/admin/organization/personal-data/101',
  '/admin/extensions/101/more',
  '/admin/extensions/abc',
  '/admin/extensions/1',
  '/admin/extensions/123456789',
  '/admin/extensions/1%3001',
])('%s is none', (path) => {
  expect(placeAt(path)).toBeUndefined();
});
