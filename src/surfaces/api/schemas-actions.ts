import { type TSchema, Type } from 'typebox';
import { Text } from './schemas.ts';
import { AvailabilityGiven, ListingLinked, OfChannel } from './schemas-listings.ts';
import { MatchesApproved, MatchesRejected, MatchGroupApproved, MatchRun, MatchSettingsGiven, VariantMade } from './schemas-matches.ts';
import { RequiredGiven, VariantsEdited } from './schemas-variants.ts';
import { PriceDraft, PricePublish, PricesAccepted, RateTyped } from './schemas-pricing.ts';
import { FeedChange, FeedPartShape } from './schemas-feeds.ts';
import { ChannelChange, ChannelNew, PolicyDraft, SupplierChange } from './schemas-parties.ts';

/** What each action takes. An action that is not named here takes nothing. */

const closed = { additionalProperties: false } as const;
const Nothing = Type.Object({}, closed);
/** An instant that is given: within years that the calendar of the database knows as well. */
const Moment = Type.String({
  format: 'date-time',
  pattern: '^(19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]',
});
const Because = Type.Object({ because: Type.Optional(Text(500)) }, closed);

export const holdReasons = [
  'address',
  'duplicate',
  'payment',
  'velocity',
  'unmatched',
  'risk',
  'history',
  'no_supplier',
  'fraud_burst',
  'manual',
  'margin',
] as const;

const inputs: Record<string, TSchema> = {
  'order.hold': Type.Object({ reason: Type.Optional(Type.Enum([...holdReasons])), detail: Type.Optional(Text(500)) }, closed),
  'order.release': Type.Object({ reason: Type.Optional(Type.Enum([...holdReasons])) }, closed),
  'order.cancel': Type.Object(
    {
      because: Type.Optional(Text(500)),
      lines: Type.Optional(Type.Array(Type.Object({ line: Text(40), quantity: Type.Integer({ minimum: 1 }) }, closed), { maxItems: 500 })),
    },
    closed,
  ),
  'order.route': Nothing,
  'order.note': Type.Object({ text: Text(4000, { minLength: 1 }) }, closed),
  'purchase.accept': Type.Object(
    {
      reference: Type.Optional(Text(200)),
      lines: Type.Optional(
        Type.Array(
          Type.Object(
            { position: Type.Integer({ minimum: 1 }), quantity: Type.Integer({ minimum: 0 }), expectedAt: Type.Optional(Moment) },
            closed,
          ),
          {
            maxItems: 500,
          },
        ),
      ),
    },
    closed,
  ),
  'purchase.cancel': Because,
  'exception.snooze': Type.Object({ until: Moment }, closed),
  'supplier.change': SupplierChange,
  'feed.change': FeedChange,
  'feed-run.release': Type.Object({ part: Type.Optional(FeedPartShape) }, closed),
  'supplier.pause': Type.Object({ reason: Type.Optional(Text(500)) }, closed),
  'channel.create': ChannelNew,
  'channel.change': ChannelChange,
  'policy.draft': PolicyDraft,
  'availability.save': AvailabilityGiven,
  'listing.link': ListingLinked,
  'listing.tell-again': OfChannel,
  'listing.read': OfChannel,
  'variant.edit': VariantsEdited,
  'variant.require': RequiredGiven,
  'match.approve': MatchesApproved,
  'match.approve-group': MatchGroupApproved,
  'match.reject': MatchesRejected,
  'match.create': VariantMade,
  'match.run': MatchRun,
  'match.settings': MatchSettingsGiven,
  'price.draft': PriceDraft,
  'price.publish': PricePublish,
  'price.rate': RateTyped,
  'price.accept': PricesAccepted,
};

/** A fix carries its own input, such as lines or a date; who performs it checks it. */
const FixInput = Type.Record(Type.String({ maxLength: 60 }), Type.Unknown(), { maxProperties: 20 });

export const inputOf = (kind: string, action: string): TSchema =>
  inputs[`${kind}.${action}`] ?? (kind === 'exception' ? FixInput : Nothing);
