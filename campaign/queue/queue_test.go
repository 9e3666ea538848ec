package queue

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"contrastcheck/campaign"

	"pgregory.net/rapid"
)

// Subjects are read as they are written, and nothing else is.
func TestSubjects(t *testing.T) {
	request := campaign.Request{Kind: "verify", Parameters: json.RawMessage(`{}`)}
	id := idOf(request, Self())
	if !validID(id) {
		t.Fatalf("%q", id)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1<<40).Draw(t, "n")
		if found, m, ok := parseShard(shardSubject(Self().token(), id, n)); found != id || m != n || !ok {
			t.Fatalf("shard %d: %s %d %v", n, found, m, ok)
		}
		if m, attempt, ok := parseResult(doneSubject(id, n)); m != n || attempt != 0 || !ok {
			t.Fatalf("result %d: %d %d %v", n, m, attempt, ok)
		}
		attempt := rapid.IntRange(-1, mostFailures+2).Draw(t, "attempt")
		m, found, ok := parseResult(failedSubject(id, n, attempt))
		if want := 1 <= attempt && attempt <= mostFailures; ok != want || ok && (m != n || found != attempt) {
			t.Fatalf("failure %d of %d: %d %d %v", attempt, n, m, found, ok)
		}
	})
	for _, strange := range []string{"", "x", resultsRoot, resultsRoot + "." + id + ".1", resultsRoot + "." + id + ".01.done", resultsRoot + "." + id + ".-1.done", resultsRoot + "." + id + ".1.done.2",
		resultsRoot + "." + id + ".1.failed", resultsRoot + "." + id + ".1.failed.01", resultsRoot + "." + id + ".9999999999999999999999.done"} {
		if _, _, ok := parseResult(strange); ok {
			t.Errorf("%q is read", strange)
		}
	}
	for _, strange := range []string{"", "abc", strings.ToUpper(id), id + "a", "a.bcdefghi2", "abcdefgh>*"} {
		if validID(strange) {
			t.Errorf("%q is an id", strange)
		}
	}
}

// A campaign is named after all that its bytes depend on.
func TestIDs(t *testing.T) {
	request := campaign.Request{Kind: "verify", Parameters: json.RawMessage(`{"a":1}`)}
	same := idOf(request, Self())
	if same != idOf(request, Self()) {
		t.Error("two ids of one request")
	}
	seen := map[string]bool{same: true}
	others := []Identity{Self(), Self(), Self(), Self()}
	others[0].Version += "x"
	others[1].Program += "x"
	others[2].Go += "x"
	others[3].Digits += "x"
	for _, other := range others {
		seen[idOf(request, other)] = true
	}
	seen[idOf(campaign.Request{Kind: "search", Parameters: request.Parameters}, Self())] = true
	seen[idOf(campaign.Request{Kind: "verify", Parameters: json.RawMessage(`{"a":2}`)}, Self())] = true
	if want := 1 + len(others) + 2; len(seen) != want {
		t.Errorf("%d ids, expected %d", len(seen), want)
	}
}

// A signature holds of its subject and its body, and names its key whatever name is given.
func TestSigned(t *testing.T) {
	s, err := newSigner()
	if err != nil {
		t.Fatal(err)
	}
	m := s.sign("a.b", []byte("body"), 3)
	key, name, ok := signedBy("a.b", m.Header, m.Data)
	if !ok || name != s.name || delivery(m.Header) != 3 {
		t.Fatalf("%v %q", ok, name)
	}
	for what, holds := range map[string]bool{
		"another subject": second(signedBy("a.c", m.Header, m.Data)),
		"another body":    second(signedBy("a.b", m.Header, []byte("bodi"))),
	} {
		if holds {
			t.Errorf("signed, of %s", what)
		}
	}
	other, err := newSigner()
	if err != nil {
		t.Fatal(err)
	}
	forged := other.sign("a.b", []byte("body"), 1)
	forged.Header.Set(headerWorker, s.name+"\n\x1b[31m")
	if found, name, ok := signedBy("a.b", forged.Header, forged.Data); !ok || found == key || name == s.name || strings.ContainsAny(name, "\n\x1b") {
		t.Errorf("%v %q", ok, name)
	}
	forged.Header.Set(headerKey, m.Header.Get(headerKey))
	if second(signedBy("a.b", forged.Header, forged.Data)) {
		t.Error("signed by another's key")
	}
	for _, garbage := range []string{"", "?", strings.Repeat("A", 44), strings.Repeat("A", 8)} {
		forged.Header.Set(headerKey, garbage)
		if second(signedBy("a.b", forged.Header, forged.Data)) {
			t.Errorf("signed by %q", garbage)
		}
	}
	forged.Header.Set(headerDelivery, "1000000000")
	if n := delivery(forged.Header); n != mostDeliveries {
		t.Errorf("delivered %d times", n)
	}
}

func second[A, B any](_ A, _ B, ok bool) bool { return ok }

// The probability of being caught is 1 − (1 − p)ⁿ.
func TestCaught(t *testing.T) {
	for _, c := range []struct {
		p    float64
		n    int
		want float64
	}{{0.02, 0, 0}, {0.02, 1, 0.02}, {0.02, 10, 0.18292719}, {0.02, 100, 0.86738044}, {1, 1, 1}, {0, 1000, 0}, {0.5, 2, 0.75}} {
		if got := Caught(c.p, c.n); math.Abs(got-c.want) > 1e-8 {
			t.Errorf("p = %v, n = %d: %v, expected %v", c.p, c.n, got, c.want)
		}
	}
}

// What a liar has said before and after it was caught is not trusted; what others have said is.
func TestLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shards := rapid.IntRange(1, 12).Draw(t, "shards")
		l := newLedger(shards)
		workers := rapid.SliceOfN(rapid.IntRange(0, 2), shards, shards).Draw(t, "workers")
		lies := rapid.SliceOfN(rapid.IntRange(0, 9), shards, shards).Draw(t, "lies")
		lied := map[int]bool{}
		for n, who := range workers {
			if !l.answered(n) || l.answered(n) {
				t.Fatalf("shard %d is answered once", n)
			}
			w := l.worker([32]byte{byte(who)}, "w")
			var lie error
			if lies[n] == 0 {
				lie, lied[who] = errors.New("lie"), true
			}
			l.settle(n, w, digestOf(sha256.Sum256([]byte{byte(n)})), 1)
			l.examined(w, lie, false)
		}
		if !l.complete() {
			t.Fatal("not complete")
		}
		for n, who := range workers {
			digest, trusted := l.trusted(n)
			if trusted == lied[who] || digest != digestOf(sha256.Sum256([]byte{byte(n)})) {
				t.Fatalf("shard %d of worker %d: trusted %v", n, who, trusted)
			}
		}
		if r := l.report(0.5); len(r.Liars) != len(lied) || r.Answered != shards || r.Share != 0.5 {
			t.Fatalf("%+v", r)
		}
	})
}

// Three failures park a shard; a result that comes all the same counts.
func TestLedgerOfFailures(t *testing.T) {
	l := newLedger(2)
	l.answered(0)
	for range mostFailures {
		if l.complete() || l.parked(2) != nil {
			t.Fatal("parked too early")
		}
		l.failed(1, "broken")
		l.failed(0, "late")
	}
	var parked *Parked
	if err := l.parked(2); l.parked(1) != nil || !l.complete() || !errors.As(err, &parked) || len(parked.Shards) != 1 || parked.Shards[0] != (ParkedShard{1, "broken"}) {
		t.Fatalf("%v", err)
	}
	if l.missing(1) || !l.answered(1) || l.parked(2) != nil || !l.complete() {
		t.Error("a result of a parked shard does not count")
	}
}

// Once a worker is caught, one shard is drawn of each other one of whose shards none was done again; before, none is.
func TestStrangers(t *testing.T) {
	const honest, liars, each = 3, 2, 10
	l, draw := newLedger((honest+liars)*each), newDraw()
	for n := range l.shards {
		w := l.worker([32]byte{byte(n / each)}, "")
		l.settle(n, w, [digestSize]byte{}, 1)
		l.examined(w, nil, w == 0)
	}
	if drawn := l.strangers(draw); len(drawn) != 0 {
		t.Errorf("%v drawn where nobody was caught", drawn)
	}
	for w := honest; w < honest+liars; w++ {
		l.examined(w, campaign.ErrFalse, false)
	}
	seen := map[int]bool{}
	for range 1000 {
		drawn := l.strangers(draw)
		if len(drawn) != honest-1 || drawn[0]/each != 1 || drawn[1]/each != 2 {
			t.Fatalf("%v is not a shard of each that nobody knows", drawn)
		}
		seen[drawn[0]] = true
	}
	if len(seen) != each {
		t.Errorf("only %v are drawn of a worker's", seen)
	}
}

// What others send is shown without what a terminal obeys, and not at any length.
func TestPrintable(t *testing.T) {
	if text := printableText([]byte("\x1b[2J\u009b2J\u202e a ≤ λ\xff" + strings.Repeat("y", 2*mostError))); strings.ContainsAny(text, "\x1b\u009b\u202e") || !strings.Contains(text, "a ≤ λ") || len(text) > 2*mostError {
		t.Errorf("%q", text)
	}
}

// A record is read as it is written, and one of another program is refused.
func TestRecord(t *testing.T) {
	r := Record{ID: "abcdefghij", Shards: 1, Command: []string{"verify"}, Request: campaign.Request{Kind: "verify", Parameters: json.RawMessage(`{"a":"<b>"}`)}}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := readRecord(text, r.ID); err != nil || back.ID != r.ID || string(back.Request.Parameters) != `{"a":"\u003cb\u003e"}` {
		t.Fatal(err)
	}
	for _, strange := range [][]byte{nil, []byte("{"), []byte(`{"id":"abcdefghij"}`), bytes.Replace(text, []byte(`"shards"`), []byte(`"pieces"`), 1), bytes.Replace(text, []byte("abcdefghij"), []byte("bbbbbbbbbb"), 1)} {
		if _, err := readRecord(strange, r.ID); err == nil {
			t.Errorf("%q is read", strange)
		}
	}
}

// Passwords are not shown.
func TestAddress(t *testing.T) {
	for url, want := range map[string]string{"nats://me:secret@a:1,nats://b:2": "nats://me:xxxxx@a:1,nats://b:2", "nats://me:se%cret@a:1": "a:1", "campaigns": "campaigns", "tls://a:1": "tls://a:1"} {
		if got := (Address{URL: url}).String(); got != want {
			t.Errorf("%s: %s", url, got)
		}
		if named(url) != (url == "campaigns") {
			t.Errorf("%s: the name of a context: %v", url, named(url))
		}
	}
}
