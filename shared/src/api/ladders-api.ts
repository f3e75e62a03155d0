import { ladder, ladderList, ladderQuery } from '../management/ladder.ts';
import type { Endpoint } from './api-endpoint.ts';

/** The SIP messages of calls, for an hour. */
export const laddersApi = {
  ladders: {
    method: 'GET',
    path: '/api/ladders',
    access: 'view-signalling',
    summary: 'Calls whose SIP messages are still kept, under way or over, and refused ones: the latest 200.',
    query: ladderQuery,
    response: ladderList,
  },
  ladder: {
    method: 'GET',
    path: '/api/ladders/:ladder',
    access: 'view-signalling',
    summary: 'The SIP messages of one call on all of its legs, without secrets.',
    response: ladder,
    audited: true,
  },
  ladderFile: {
    method: 'GET',
    path: '/api/ladders/:ladder/text',
    access: 'view-signalling',
    summary: 'The same as a text, for a ticket.',
    text: true,
    audited: true,
  },
} as const satisfies Record<string, Endpoint>;
