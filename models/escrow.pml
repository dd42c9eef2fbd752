/*
 * The places of one day, between headquarters and a park's own node that sells without asking.
 *
 * Headquarters hands places over (a grant) and the park hands places back (a return). Each has an id and is written to disk by
 * whoever gives before the other can hear of it; whoever gets counts it once. The park's node dies once and comes back from a
 * backup of any earlier moment: a second life, a log that begins anew with a fence. Both programs may be killed at any time
 * and lose what was not on disk. What people bought stays bought, whatever a node remembers of it.
 *
 * The network is a set: what was sent once can be heard at any later time, any number of times, in any order, or never. So
 * loss, repetition and reordering need no steps of their own.
 *
 * Checked in every state: people never hold more tickets than quota + deficit, nor is there a deficit but by a lowered quota;
 * and every place is somewhere exactly once:
 *
 *   quota + deficit = headquarters' free + held + sold + park's free + held + sold + on the way + written off
 *
 * Bounds: a quota of 3 that is lowered by up to 2, three grants, two returns in each life, one or two places each. Not in it:
 * headquarters restored from a backup, more than one park (nothing goes from park to park), and when to ask for how much,
 * which is never a matter of right: here anything may be granted and returned at any time.
 *
 * Every step that a log would tell of is printed, with what is so after it: the tests have random runs done again by the code of
 * the product, which has to come to the same.
 *
 * Each name below that is tested with #ifdef breaks one rule (but TICKETS_ONLY, which looks at less); the tests demand that
 * every one of them does harm: more tickets than places, or a deficit that nobody made by lowering the quota.
 */

#ifdef AT_RANDOM
#define QUOTA 9 /* or all is sold before anything is granted */
#else
#define QUOTA 3
#endif
#define LOWERINGS 2
#define GRANTS 3
#define RETURNS 2 /* in each life */
#define LIVES 2

/* Runs at random begin with what may happen only once; there it waits for a while. */
#ifdef AT_RANDOM
#define DAWDLE do :: skip :: skip :: skip :: skip :: skip :: skip :: skip :: skip :: skip :: break od;
#else
#define DAWDLE
#endif

/* Headquarters, on disk. Free goes below zero when the quota is lowered: what is owed is the deficit. */
short hq_free = QUOTA;
byte hq_held, hq_sold, lowered, grant_count;
byte grant_places[GRANTS], grant_life[GRANTS];
bit taken[LIVES * RETURNS]; /* returns that were heard */
byte hq_life;               /* the park's newest life that it knows of */

/* Headquarters, in memory only: a grant that is decided and not written. */
byte grant_draft;

/* The park, on disk. Of the first life's returns a restored node has those that were in the backup. */
byte life, park_free, park_held, return_count, old_returns;
bit credited[GRANTS];

/* The park, in memory only. */
byte return_draft;

/* The park's backup. */
bit is_kept;
byte kept_free, kept_held, kept_returns;
bit kept_credited[GRANTS];

/* The network: the places that a message names, 0 until it is sent. */
byte told_grant[GRANTS], told_return[LIVES * RETURNS];

/* What is true and no node may know: all tickets that people bought at the park, and what its first life took with it. */
byte park_sold, written_off;
bit arrived[GRANTS];
byte returned[LIVES * RETURNS];

#define GRANT_ON_THE_WAY(g) (arrived[g] -> 0 : grant_places[g])
#define RETURN_ON_THE_WAY(r) (taken[r] -> 0 : returned[r])
#define GRANTS_ON_THE_WAY (GRANT_ON_THE_WAY(0) + GRANT_ON_THE_WAY(1) + GRANT_ON_THE_WAY(2))
#define RETURNS_ON_THE_WAY \
  (RETURN_ON_THE_WAY(0) + RETURN_ON_THE_WAY(1) + RETURN_ON_THE_WAY(2) + RETURN_ON_THE_WAY(3))
#define DEFICIT (hq_free < 0 -> -hq_free : 0)
#define FREE (hq_free > 0 -> hq_free : 0)

mtype = { HOLD, SELL, LET_GO, LOWER, GRANT, CANNOT_GRANT, TAKE, TAKE_AGAIN, LEARN }
mtype = { PARK_HOLD, PARK_SELL, PARK_LET_GO, CREDIT, CREDIT_AGAIN, FOREIGN, GIVE_BACK, CANNOT_GIVE_BACK, KEEP, RESTORE }

inline tell(action, which, places) {
  printf("@ %e %d %d", action, which, places);
  printf(" hq_free=%d hq_held=%d hq_sold=%d grants=%d", hq_free, hq_held, hq_sold, grant_count);
  printf(" taken=%d%d%d%d", taken[0], taken[1], taken[2], taken[3]);
  printf(" park_free=%d park_held=%d park_sold=%d", park_free, park_held, park_sold);
  printf(" credited=%d%d%d\n", credited[0], credited[1], credited[2])
}

inline check() {
  assert(hq_sold + park_sold <= QUOTA - lowered + DEFICIT);
  assert(DEFICIT <= lowered);
#ifndef TICKETS_ONLY /* a mutant must do harm to people, not only to the books */
  assert(QUOTA - lowered + DEFICIT ==
         FREE + hq_held + hq_sold + park_free + park_held + park_sold +
         GRANTS_ON_THE_WAY + RETURNS_ON_THE_WAY + written_off)
#endif
}

inline take_back(r) {
#ifdef TAKE_TWICE
  hq_free = hq_free + told_return[r];
  taken[r] = 1
#else
  if
  :: taken[r] -> tell(TAKE_AGAIN, r, told_return[r])
  :: else ->
      taken[r] = 1;
      hq_free = hq_free + told_return[r];
      tell(TAKE, r, told_return[r])
  fi
#endif
}

active proctype Headquarters() {
end:
  do
  /* An online sale: a hold that is paid, or ends. */
#ifdef SELL_THE_GRANTED
  :: atomic { hq_held == 0 && hq_free + grant_places[0] > 0 -> hq_free--; hq_held++; check() }
#else
  :: atomic { hq_held == 0 && hq_free > 0 -> hq_free--; hq_held++; tell(HOLD, 0, 1); check() }
#endif
  :: atomic { hq_held > 0 -> hq_held--; hq_sold++; tell(SELL, 0, 1); check() }
  :: atomic { hq_held > 0 -> hq_held--; hq_free++; tell(LET_GO, 0, 1); check() }

  :: atomic { lowered < LOWERINGS -> lowered++; hq_free--; tell(LOWER, 0, 1); check() }

  /* A grant is decided, then written, then told. A sale may take the place in between. */
  :: atomic { grant_draft == 0 && grant_count < GRANTS && hq_free > 0 ->
      if
      :: grant_draft = 1
      :: hq_free > 1 -> grant_draft = 2
      fi;
#ifdef GRANT_BEFORE_DISK
      told_grant[grant_count] = grant_draft;
      grant_life[grant_count] = hq_life;
#endif
    }
  :: atomic { grant_draft > 0 ->
      if
      :: hq_free >= grant_draft ->
          hq_free = hq_free - grant_draft;
          grant_places[grant_count] = grant_draft;
          grant_life[grant_count] = hq_life;
          told_grant[grant_count] = grant_draft;
          grant_count++;
          tell(GRANT, grant_count - 1, grant_draft)
      :: else -> tell(CANNOT_GRANT, grant_count, grant_draft)
      fi;
      grant_draft = 0;
      check() }

  :: atomic { told_return[0] > 0 -> take_back(0); check() }
  :: atomic { told_return[1] > 0 -> take_back(1); check() }
  :: atomic { told_return[2] > 0 -> take_back(2); check() }
  :: atomic { told_return[3] > 0 -> take_back(3); check() }

  /* It hears that the park's log has begun anew. */
  :: atomic { hq_life < life -> hq_life = life; tell(LEARN, 0, 0) }

  /* It is killed. */
  :: atomic { grant_draft > 0 -> grant_draft = 0 }
  od
}

inline credit(g) {
  if
#ifndef CREDIT_ANY_LIFE
  :: grant_life[g] != life -> tell(FOREIGN, g, told_grant[g])
#endif
#ifndef CREDIT_TWICE
  :: credited[g] ->
      if
      :: grant_life[g] == life -> tell(CREDIT_AGAIN, g, told_grant[g])
      :: else -> tell(FOREIGN, g, told_grant[g])
      fi
#endif
  :: else ->
      credited[g] = 1;
      arrived[g] = 1;
      park_free = park_free + told_grant[g];
      tell(CREDIT, g, told_grant[g])
  fi
}

#define THIS_RETURN (life * RETURNS + return_count)
#define IS_ON_DISK(r) (r / RETURNS == life -> r % RETURNS < return_count : r < old_returns)
#define IS_UNTOLD(r) (told_return[r] == 0 && IS_ON_DISK(r))

active proctype Park() {
end:
  do
  /* A sale at the desk, which asks nobody. */
  :: atomic { park_held == 0 && park_free > 0 -> park_free--; park_held++; tell(PARK_HOLD, 0, 1); check() }
  :: atomic { park_held > 0 -> park_held--; park_sold++; tell(PARK_SELL, 0, 1); check() }
  :: atomic { park_held > 0 -> park_held--; park_free++; tell(PARK_LET_GO, 0, 1); check() }

  :: atomic { told_grant[0] > 0 -> credit(0); check() }
  :: atomic { told_grant[1] > 0 -> credit(1); check() }
  :: atomic { told_grant[2] > 0 -> credit(2); check() }

  /* A return is decided, then written, then told: at once, much later, or in the next life if the backup has it. */
  :: atomic { return_draft == 0 && return_count < RETURNS && park_free > 0 ->
      if
      :: return_draft = 1
      :: park_free > 1 -> return_draft = 2
      fi;
#ifdef RETURN_BEFORE_DISK
      told_return[THIS_RETURN] = return_draft;
#endif
    }
  :: atomic { return_draft > 0 ->
      if
      :: park_free >= return_draft ->
          park_free = park_free - return_draft;
          returned[THIS_RETURN] = return_draft;
          tell(GIVE_BACK, THIS_RETURN, return_draft);
          return_count++
      :: else -> tell(CANNOT_GIVE_BACK, THIS_RETURN, return_draft)
      fi;
      return_draft = 0;
      check() }
  :: atomic { IS_UNTOLD(0) -> told_return[0] = returned[0] }
  :: atomic { IS_UNTOLD(1) -> told_return[1] = returned[1] }
  :: atomic { IS_UNTOLD(2) -> told_return[2] = returned[2] }
  :: atomic { IS_UNTOLD(3) -> told_return[3] = returned[3] }

  /* It is killed. */
  :: atomic { return_draft > 0 -> return_draft = 0 }
  od
}

/* The park's disk: it is copied once, and once it is lost and the copy takes its place. */
active proctype Disk() {
  DAWDLE
  atomic {
    is_kept = 1;
    kept_free = park_free;
    kept_held = park_held;
    kept_returns = return_count;
    kept_credited[0] = credited[0];
    kept_credited[1] = credited[1];
    kept_credited[2] = credited[2];
    tell(KEEP, 0, 0)
  };
  DAWDLE
  atomic {
    /* Nobody will sell what the first life had at its end. */
    written_off = park_free + park_held;
    life = 1;
    credited[0] = kept_credited[0];
    credited[1] = kept_credited[1];
    credited[2] = kept_credited[2];
    old_returns = kept_returns;
    return_count = 0;
    return_draft = 0;
#ifdef NO_FENCE
    park_free = kept_free;
    park_held = kept_held;
#else
    /* The log begins with a fence, in one append: holds end, and whatever the backup seems to have is nothing. */
    park_free = 0;
    park_held = 0;
#endif
    is_kept = 0;
    kept_free = 0;
    kept_held = 0;
    kept_returns = 0;
    kept_credited[0] = 0;
    kept_credited[1] = 0;
    kept_credited[2] = 0;
    tell(RESTORE, 0, 0);
    check()
  }
}
