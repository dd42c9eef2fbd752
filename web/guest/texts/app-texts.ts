import type { components } from '../../../clients/typescript/schema.d.ts';
import type { OwnTexts } from './own-texts.ts';

type Schemas = components['schemas'];
type Ticket = Schemas['Ticket'];
type LineKind = Ticket['price_breakdown'][number]['kind'];
type RefundStatus = NonNullable<Ticket['refund']>['status'];
type CancelledBy = NonNullable<Ticket['cancelled']>['by'];

type Words<Name extends string> = Readonly<Record<Name, string>>;
type Shows = (shown: string) => string;
type Counts = (count: number) => string;

/** Every text of the app. Those with a number or a name in them are functions. */
export type AppTexts = OwnTexts &
  Words<'title' | 'lead' | 'motto' | 'offlineStrip' | 'toParks' | 'showMore' | 'free' | 'total'> & {
    readonly nav: Words<'label' | 'parks' | 'tickets' | 'points' | 'account'>;
    readonly years: Counts;
    readonly people: Counts;
    readonly adults: Counts;
    readonly park: Words<'one' | 'none' | 'amenities' | 'map' | 'gallery'> & {
      readonly from: Shows;
      readonly group: (percent: number) => string;
      readonly inside: (people: number, most: number) => string;
    };
    readonly calendar: Words<
      'title' | 'earlier' | 'later' | 'closed' | 'full' | 'fullShort' | 'free' | 'otherPrice'
    > & {
      readonly few: Counts;
      readonly prices: (under: string, over: string) => string;
      readonly holidayPrice: Shows;
    };
    readonly party: Words<
      'title' | 'name' | 'age' | 'chooseAge' | 'child' | 'adults' | 'add' | 'addMine' | 'addOther'
    > & {
      readonly childNumber: Counts;
      readonly remove: Counts;
    };
    readonly priceLine: Readonly<Record<LineKind, Words<'name' | 'why'>>>;
    readonly buy: Words<
      | 'price'
      | 'buy'
      | 'wait'
      | 'signInFirst'
      | 'chooseDay'
      | 'chooseChildren'
      | 'sayAges'
      | 'havePromo'
      | 'promo'
      | 'cancelHint'
      | 'fullHint'
    > & { readonly spend: (points: number, sum: string) => string };
    readonly signIn: Words<
      | 'phone'
      | 'phoneHint'
      | 'password'
      | 'passwordHint'
      | 'newPassword'
      | 'setPassword'
      | 'name'
      | 'enter'
      | 'create'
      | 'consent'
      | 'sendCode'
      | 'code'
      | 'codeHint'
      | 'again'
      | 'confirm'
      | 'otherWays'
      | 'toRegister'
      | 'toPassword'
      | 'toCode'
      | 'toReset'
      | 'verifyLater'
    > & {
      readonly titles: Words<'password' | 'code' | 'register' | 'reset' | 'verify'>;
      readonly codeSent: Shows;
      readonly verifyLead: Shows;
      readonly againIn: Counts;
    };
    /** What is wrong, by the name of the field. */
    readonly wrongFields: Words<'phone' | 'name' | 'password' | 'new_password' | 'email' | 'birth_date'>;
    readonly status: Words<Ticket['status']>;
    readonly ticket: Words<
      | 'one'
      | 'none'
      | 'choosePark'
      | 'ahead'
      | 'past'
      | 'number'
      | 'showNow'
      | 'showThen'
      | 'qr'
      | 'bright'
      | 'worksOffline'
    > & { readonly kept: Shows; readonly remaining: (left: number, all: number) => string };
    readonly pay: Words<
      | 'page'
      | 'byElqr'
      | 'byElcard'
      | 'methodsHint'
      | 'forMove'
      | 'goOn'
      | 'openBank'
      | 'openPage'
      | 'openCard'
      | 'qr'
      | 'otherPhone'
      | 'waiting'
      | 'mayClose'
      | 'toTicket'
      | 'failedTitle'
      | 'failed'
      | 'tryAgain'
      | 'succeeded'
      | 'unknownTitle'
      | 'unknown'
    > & {
      readonly title: Shows;
      readonly until: Shows;
      readonly left: Shows;
      readonly steps: readonly string[];
    };
    readonly cancel: Words<'title' | 'ask' | 'unpaid' | 'keep' | 'confirm' | 'done' | 'onlyStaff'> & {
      readonly paid: Shows;
    };
    readonly refund: Readonly<Record<RefundStatus, Shows>> & { readonly cancelled: Words<CancelledBy> };
  };
