import {
  buildClientSchema,
  buildSchema,
  coerceInputValue,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type IntrospectionQuery,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  typeFromAST,
  validate,
} from 'graphql';
import type { Exchange } from './exchange.ts';

/** A schema from its introspection (JSON) or its language (SDL). */
export const schemaOf = (text: string): GraphQLSchema => {
  if (!text.trimStart().startsWith('{')) return buildSchema(text);
  const read = JSON.parse(text) as { data?: IntrospectionQuery } & IntrospectionQuery;
  return buildClientSchema(read.data ?? read);
};

/**
 * What is wrong with an exchange by the vendor's schema: the document itself, its variables, and every field of the data that came
 * back (type, enum value, missing or null where it must not be). Empty: nothing.
 */
export function graphqlTroubles(schema: GraphQLSchema, { body, reply, status }: Exchange): string[] {
  const asked = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
  const document = parse(asked.query);
  const troubles = validate(schema, document).map(({ message }) => message);
  const operation = document.definitions.find((one): one is OperationDefinitionNode => one.kind === 'OperationDefinition');
  if (!operation) return [...troubles, 'no operation'];
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    const input = typeFromAST(schema, type as never);
    const given = asked.variables?.[variable.name.value];
    if (!input || (given === undefined && !isNonNullType(input))) continue;
    coerceInputValue(given, input as never, (path, _value, error) =>
      troubles.push(`$${variable.name.value}${path.length > 0 ? `.${path.join('.')}` : ''}: ${error.message}`),
    );
  }
  if (troubles.length > 0 || status !== 200) return troubles;
  const { data } = JSON.parse(reply) as { data?: unknown };
  const root = operation.operation === 'mutation' ? schema.getMutationType() : schema.getQueryType();
  if (data === undefined || data === null || !root) return troubles;
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === 'FragmentDefinition' ? [[one.name.value, one] as [string, FragmentDefinitionNode]] : [],
    ),
  );
  return fieldsOf(schema, fragments, operation.selectionSet, root, data as Record<string, unknown>, 'data');
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fieldsOf(
  schema: GraphQLSchema,
  fragments: Fragments,
  { selections }: SelectionSetNode,
  type: GraphQLOutputType,
  value: Record<string, unknown>,
  at: string,
): string[] {
  return selections.flatMap((one): string[] => {
    if (one.kind !== 'Field') {
      const fragment = one.kind === 'FragmentSpread' ? fragments.get(one.name.value) : one;
      const on = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
      const isMeant =
        !on || getNamedType(on as GraphQLOutputType).name === (value['__typename'] ?? getNamedType(type).name) || !('__typename' in value);
      const isThis = isObjectType(on) ? isMeant && (isObjectType(type) || '__typename' in value) : true;
      return fragment && isThis ? fieldsOf(schema, fragments, fragment.selectionSet, (on ?? type) as GraphQLOutputType, value, at) : [];
    }
    const name = one.alias?.value ?? one.name.value;
    if (one.name.value === '__typename') return name in value ? [] : [`${at}.${name} is missing`];
    const owner = getNamedType(type);
    const field = 'getFields' in owner ? (owner.getFields() as Record<string, { type: GraphQLOutputType }>)[one.name.value] : undefined;
    if (!field) return [`${at}.${name}: ${owner.name} has no such field`];
    if (!(name in value)) return [`${at}.${name} is missing`];
    return valueOf(schema, fragments, one.selectionSet, field.type, value[name], `${at}.${name}`);
  });
}

function valueOf(
  schema: GraphQLSchema,
  fragments: Fragments,
  selections: SelectionSetNode | undefined,
  type: GraphQLOutputType,
  value: unknown,
  at: string,
): string[] {
  if (isNonNullType(type)) return value === null ? [`${at} is null`] : valueOf(schema, fragments, selections, type.ofType, value, at);
  if (value === null) return [];
  if (isListType(type)) {
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((part, place) => valueOf(schema, fragments, selections, type.ofType, part, `${at}[${place}]`));
  }
  if (isEnumType(type))
    return typeof value === 'string' && type.getValue(value) ? [] : [`${at}: ${JSON.stringify(value)} is none of ${type.name}`];
  if (isScalarType(type)) return scalarTrouble(type.name, value, at);
  if (typeof value !== 'object' || Array.isArray(value)) return [`${at} is no ${getNamedType(type).name}`];
  return selections ? fieldsOf(schema, fragments, selections, type, value as Record<string, unknown>, at) : [];
}

function scalarTrouble(name: string, value: unknown, at: string): string[] {
  const fits =
    name === 'Int'
      ? Number.isInteger(value)
      : name === 'Boolean'
        ? typeof value === 'boolean'
        : name === 'Float'
          ? typeof value === 'number'
          : true;
  const isText =
    ['String', 'ID', 'Decimal', 'DateTime', 'URL', 'Money'].includes(name) && name !== 'Money' ? typeof value === 'string' : true;
  return fits && isText ? [] : [`${at}: ${JSON.stringify(value)} is no ${name}`];
}
