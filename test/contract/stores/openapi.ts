import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { Exchange } from './exchange.ts';

interface Operation {
  requestBody?: { content?: Record<string, { schema?: object }>; $ref?: string };
  responses?: Record<string, { content?: Record<string, { schema?: object }>; schema?: object; $ref?: string }>;
  parameters?: { in?: string; name?: string; required?: boolean; schema?: object; $ref?: string }[];
}

export interface OpenApi {
  /** What is wrong with an exchange by the vendor's own description, in sentences; null when it describes no such path. */
  troubles(exchange: Exchange): string[] | null;
}

/** A description of OpenAPI 3 or Swagger 2, in YAML or JSON. `base`: what stands before its paths in our addresses. */
export function openApiOf(text: string, base: string): OpenApi {
  const spec = parse(text, { maxAliasCount: -1 }) as {
    paths: Record<string, Record<string, Operation> & { parameters?: Operation['parameters'] }>;
  };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, discriminator: false });
  (addFormats as unknown as { default?: (ajv: Ajv) => void } & ((ajv: Ajv) => void)).default?.(ajv);
  ajv.addSchema({ ...(nullable(spec) as object), $id: 'spec' });
  const kept = new Map<string, ValidateFunction>();
  const check = (pointer: string, value: unknown, at: string): string[] => {
    const found = kept.get(pointer) ?? ajv.compile({ $ref: `spec#${pointer}` });
    kept.set(pointer, found);
    if (found(value)) return [];
    return (found.errors ?? [])
      .slice(0, 5)
      .map(({ instancePath, message, params }) => `${at}${instancePath} ${message} ${JSON.stringify(params)}`);
  };
  const paths = Object.keys(spec.paths)
    .map((path) => ({
      path,
      match: new RegExp(
        `^${path
          .split(/\{[^}]+\}/)
          .map(escape)
          .join('[^/]+')}/?$`,
      ),
    }))
    .toSorted((one, other) => one.path.split('{').length - other.path.split('{').length);
  return {
    troubles: ({ method, url, body, status, reply }) => {
      if (!url.pathname.startsWith(base)) return null;
      const path = paths.find(({ match }) => match.test(url.pathname.slice(base.length)))?.path;
      const operation = path === undefined ? undefined : spec.paths[path]?.[method.toLowerCase()];
      if (path === undefined || !operation) return null;
      const root = `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}`;
      const troubles: string[] = [];
      const inBody = (operation.parameters ?? []).findIndex((one) => one.in === 'body');
      if (body !== '' && inBody >= 0)
        troubles.push(...check(`${encodeURI(root)}/parameters/${inBody}/schema`, JSON.parse(body), 'request'));
      const asked = operation.requestBody?.content?.['application/json']?.schema;
      if (body !== '' && asked)
        troubles.push(...check(`${encodeURI(root)}/requestBody/content/application~1json/schema`, JSON.parse(body), 'request'));
      const answer = operation.responses?.[String(status)];
      const [type] = Object.keys(answer?.content ?? {});
      const shape = type === undefined ? (answer?.schema ? 'schema' : '') : `content/${type.replaceAll('/', '~1')}/schema`;
      if (shape !== '' && reply !== '')
        troubles.push(...check(`${encodeURI(root)}/responses/${status}/${shape}`, JSON.parse(reply), 'reply'));
      return troubles;
    },
  };
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** OpenAPI 3.0 says `nullable` where JSON Schema says a second type. */
function nullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullable);
  if (value === null || typeof value !== 'object') return value;
  const { nullable: may, example: _e, examples: _x, discriminator: _d, xml: _y, ...rest } = value as Record<string, unknown>;
  const clean = Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, nullable(part)]));
  if (may !== true) return clean;
  return { anyOf: [clean, { type: 'null' }] };
}
