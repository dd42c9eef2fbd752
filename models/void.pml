/*
 * A paid ticket is to be cancelled whose gates another node serves: never is money paid back for a visit that was made.
 *
 * Headquarters writes down the question and waits. At the park the question and a scan at a gate are decided on one stream: a
 * decision is stored only if nothing was stored since it looked, so exactly one of them wins. The park's log goes up in its
 * own order. Headquarters pays once it has heard `Voided`; `Denied` ends the request, the ticket stays good, and the guest may
 * ask again. The end of the day at the gates ends no request: the answer, which always comes, may know of a use that is
 * later in the log. The park's program may be killed at any time and loses what was not on disk; what was seen outside (a gate
 * that opened, a message, money) stays.
 *
 * The network is a set: what was sent once can be heard at any later time, any number of times, in any order, or never. So
 * loss, repetition and reordering need no steps of their own. An event of the park's log that comes before one that is lacking
 * is put off, and comes again.
 *
 * Checked in every state: never both paid back and let in, and never paid twice. Checked on every endless run in which messages
 * get through (the weakly fair ones: who hears can hear, sooner or later): every request ends, as voided or as denied.
 *
 * Bounds: one ticket for one person, two requests, the park's program is killed once. Not in it: how the money goes out, which
 * is the same for every refund; a manager's override, which means to pay somebody who was inside; gates that were cut off from
 * the park's node on the day, whose late uses are found and shown; a park's node that comes back from a backup, which is told by
 * its devices whom they let in.
 *
 * Every step that a log would tell of is printed, with what is so after it: the tests have random runs done again by the code of
 * the product, which has to come to the same.
 *
 * Each name below that is tested with #ifdef breaks one rule; the tests demand that every one of them is caught. LATE_ENTRY and
 * OUT_OF_ORDER do harm only where the end of the day pays.
 */

#define REQUESTS 2
#define FACTS 4 /* of the park's log: a use, two answers, the end of the day */

/* Runs at random begin with what may happen only once; there it waits for a while. */
#ifdef AT_RANDOM
#define DAWDLE do :: skip :: skip :: skip :: skip :: skip :: skip :: skip :: skip :: skip :: break od;
#else
#define DAWDLE
#endif

#define NOT_ASKED 0
mtype = { ASKED, ENDED }
mtype = { USED, VOIDED, DENIED, DAY_ENDED }
mtype = { ASK, HEAR, SCAN, STORE_SCAN, LOSE_SCAN, QUESTION, STORE_ANSWER, LOSE_ANSWER, END_DAY, KILL }

/* Headquarters, on disk. The question is sent from there, again and again. */
mtype request[REQUESTS];
bit hq_knows_use, hq_knows_end;
byte hq_position; /* in the park's log: how many of its events are applied */

/* The park, on disk. `version` counts what the ticket's stream holds. */
mtype fact[FACTS];
byte fact_request[FACTS];
byte fact_count, version;
bit used, voided, day_ended;
bit answered[REQUESTS];

/* The park, in memory only: the version that a decision was made on, plus one; 0 while nothing is decided. */
byte scan_saw, answer_saw, answer_to;
bit may_open;

/* Outside. */
bit is_closed, is_let_in;
byte paid;

#define IS_OPEN (request[0] == ASKED || request[1] == ASKED)

inline tell(action, which) {
  printf("@ %e %d 0", action, which);
  printf(" open=%d%d paid=%d", request[0] == ASKED, request[1] == ASKED, paid);
  printf(" used=%d voided=%d answered=%d%d", used, voided, answered[0], answered[1]);
  printf(" version=%d day_ended=%d facts=%d\n", version, day_ended, fact_count)
}

inline check() {
  assert(!(paid > 0 && is_let_in));
  assert(paid <= 1)
}

inline pay_back() {
#ifdef PAY_FIRST /* once: it is the first time that does the harm */
  paid = 1;
#else
  paid++;
#endif
  check()
}

inline store(kind, about) {
  fact[fact_count] = kind;
  fact_request[fact_count] = about;
  fact_count++
}

/*
 * What an event of the park means at headquarters. An answer to a request that is not open any more changes nothing.
 */
inline apply(kind, about) {
  if
  :: kind == USED -> hq_knows_use = 1
  :: kind == VOIDED ->
      if
      :: request[about] == ASKED -> request[about] = ENDED; pay_back()
#ifdef PAY_AGAIN
      :: else -> pay_back()
#else
      :: else -> skip
#endif
      fi
  :: kind == DENIED ->
      if
      :: request[about] == ASKED -> request[about] = ENDED
      :: else -> skip
      fi
  :: kind == DAY_ENDED ->
      hq_knows_end = 1;
#ifdef PAY_AT_DAY_END
      if
      :: request[0] == ASKED && !hq_knows_use -> request[0] = ENDED; pay_back()
      :: else -> skip
      fi
#endif
  fi
}

inline ask(number) {
  request[number] = ASKED;
#ifdef PAY_FIRST
  pay_back();
#endif
  tell(ASK, number)
}

active proctype Headquarters() {
end:
  do
  :: atomic { request[0] == NOT_ASKED && !hq_knows_end -> ask(0) }
  /* It was denied, and somebody asks once more. */
  :: atomic { request[0] == ENDED && request[1] == NOT_ASKED && paid == 0 && !hq_knows_end -> ask(1) }
#ifdef PAY_BY_CLOCK
  :: atomic { request[0] == ASKED && is_closed && !hq_knows_use -> request[0] = ENDED; pay_back() }
#endif
  od
}

/* Headquarters hears the next event of the park's log. */
active proctype FromPark() {
end:
  do
  :: atomic { hq_position < fact_count ->
      apply(fact[hq_position], fact_request[hq_position]);
      tell(HEAR, hq_position);
      hq_position++ }
  od
}

/*
 * Headquarters hears any event once more, as if it had forgotten that it knows it. What it keeps of the park's log is written
 * together with what follows from it; even were it not, the answer would change nothing.
 */
#ifdef OUT_OF_ORDER
#define HEARD fact_count
#else
#define HEARD hq_position
#endif

active proctype FromParkAgain() {
  byte which;
end:
  do
  :: atomic { HEARD > 0 ->
      do
      :: which + 1 < HEARD -> which++
      :: break
      od;
      apply(fact[which], fact_request[which]);
      tell(HEAR, which);
      which = 0 }
  od
}

/* A scan at a gate: decided, then stored, and only then the gate opens. */
active proctype Gate() {
end:
  do
  :: atomic { scan_saw == 0 && !may_open && !used && !voided && !is_closed ->
      scan_saw = version + 1;
      tell(SCAN, 0);
#ifdef OPEN_BEFORE_DISK
      is_let_in = 1;
      check()
#endif
    }
  :: atomic { scan_saw > 0 ->
      if
#ifdef BLIND_APPEND
      :: !day_ended ->
#else
#ifdef LATE_ENTRY
      :: scan_saw == version + 1 ->
#else
      :: scan_saw == version + 1 && !day_ended ->
#endif
#endif
          used = 1;
          version++;
          store(USED, 0);
          may_open = 1;
          tell(STORE_SCAN, 0)
      :: else -> tell(LOSE_SCAN, 0)
      fi;
      scan_saw = 0 }
  :: atomic { may_open -> may_open = 0; is_let_in = 1; check() }
  od
}

#define IS_ASKED(i) (request[i] != NOT_ASKED && !answered[i])

inline decide_answer(number) {
  answer_to = number;
  answer_saw = version + 1;
  tell(QUESTION, number);
#ifdef ANSWER_BEFORE_DISK
  if
  :: !used && request[number] == ASKED -> request[number] = ENDED; pay_back()
  :: else -> skip
  fi
#endif
}

/* The park hears a question, and answers it once: decided, then stored, and only then told. */
active proctype Answers() {
end:
  do
  :: atomic { answer_saw == 0 && IS_ASKED(0) -> decide_answer(0) }
  :: atomic { answer_saw == 0 && IS_ASKED(1) -> decide_answer(1) }
  :: atomic { answer_saw > 0 ->
      if
#ifdef BLIND_APPEND
      :: true ->
#else
      :: answer_saw == version + 1 ->
#endif
          answered[answer_to] = 1;
          version++;
          if
#ifdef SILENT_DENIAL
          :: used && !voided -> skip
#else
          :: used && !voided -> store(DENIED, answer_to)
#endif
          :: else -> voided = 1; store(VOIDED, answer_to)
          fi;
          tell(STORE_ANSWER, answer_to)
      :: else -> tell(LOSE_ANSWER, answer_to)
      fi;
      answer_saw = 0;
      answer_to = 0 }
  od
}

/* The day: the doors close, and some time later the park writes that its gates let nobody in any more. */
active proctype Day() {
  DAWDLE
  is_closed = 1;
  DAWDLE
  atomic { !day_ended -> day_ended = 1; store(DAY_ENDED, 0); tell(END_DAY, 0) }
}

/* The park's program is killed; the gates' and the answers' next steps begin anew. */
active proctype Kill() {
  DAWDLE
  atomic { scan_saw = 0; may_open = 0; answer_saw = 0; answer_to = 0; tell(KILL, 0) }
}

/* Every request ends. */
ltl every_request_ends { [] (IS_OPEN -> <> !IS_OPEN) }
