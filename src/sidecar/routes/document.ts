import { route } from '../route.ts';

/** `GET /openapi.json` */
export const DOCUMENT_ROUTE = route({
  method: 'get',
  path: '/openapi.json',
  summary: 'This description',
  permission: 'read',
  answer: { description: 'OpenAPI 3.1.' },
  handle: ({ desk }) => desk.document(),
});
