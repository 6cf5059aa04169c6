import { isJsonArray } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';

/**
 * The rows of `verzendmatrix.yaml`, one for each type and pair of roles: a row may list several of each. A row without an id
 * is called after its type and roles, such as `vto-gemeente-rvdk`, of which a set has one row each.
 */
export function expandSendRow(row: JsonObject): readonly JsonObject[] {
  const { berichttype, afzender, ontvanger } = row;
  return listOf(berichttype).flatMap((type) =>
    listOf(afzender).flatMap((sender) =>
      listOf(ontvanger).map((recipient) => ({
        ...row,
        id: row['id'] ?? [type.replace(/(?:Di01|Bericht)$/, ''), sender, recipient].map(toSlug).join('-'),
        berichttype: type,
        afzender: sender,
        ontvanger: recipient,
      })),
    ),
  );
}

function listOf(value: JsonValue | undefined): readonly string[] {
  const items = isJsonArray(value) ? value : [value];
  return items.filter((item) => typeof item === 'string');
}

/** `notificatieDi01` or `VEILIG_THUIS` as words of an id. */
function toSlug(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
