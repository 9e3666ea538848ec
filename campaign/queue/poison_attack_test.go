//go:build attack

package queue

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

// A liar that has a new key for every shard is believed in none, once it is caught in any.
func TestLiarOfManyKeys(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	j := toy{N: 300, Salt: "keys"}
	r := submit(t, c, j, 1)
	for n := range j.N {
		key, err := newSigner()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.js.PublishMsg(t.Context(), key.sign(doneSubject(r.ID, n), lies[0].lie(j, n), 1)); err != nil {
			t.Fatal(err)
		}
	}
	report := gathered(t, c, r, j, j, Collecting{Workers: 2, Recheck: 0.1})
	if len(report.Liars) != j.N {
		t.Errorf("%d of %d keys were caught", len(report.Liars), j.N)
	}
}

// What a worker leaves in the object store in place of a large result costs nothing but doing the shard again.
func TestPoisonedObjects(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	j := toy{N: 12, Salt: "poison", Large: 1 << 20}
	r := submit(t, c, j, 1)
	key, err := newSigner()
	if err != nil {
		t.Fatal(err)
	}
	store, err := c.js.ObjectStore(t.Context(), largeBucket(r.ID))
	if err != nil {
		t.Fatal(err)
	}
	describe := func(name string, text []byte) { // writes what the store says of an object
		var info jetstream.ObjectInfo
		if err := json.Unmarshal(text, &info); err == nil {
			info.Bucket, info.Name = largeBucket(r.ID), name
			if info.Opts != nil && info.Opts.Link != nil {
				info.Opts.Link.Bucket, info.Opts.Link.Name = info.Bucket, name
			}
			if text, err = json.Marshal(info); err != nil {
				t.Fatal(err)
			}
		}
		m := key.sign("$O."+largeBucket(r.ID)+".M."+base64.URLEncoding.EncodeToString([]byte(name)), text, 1)
		m.Header.Set("Nats-Rollup", "sub")
		if _, err := c.js.PublishMsg(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	for n, poison := range []func(name string){
		func(string) {}, // nothing
		func(name string) { describe(name, []byte(`{"options":{"link":{}},"nuid":"x","size":9}`)) },   // a link to itself
		func(name string) { describe(name, []byte(`{"nuid":"x","size":9,"chunks":1}`)) },              // no parts
		func(name string) { describe(name, []byte("{garbage")) },                                      //
		func(name string) { describe(name, []byte(`{"nuid":"a b>","size":9,"chunks":1}`)) },           // parts that have no name
		func(name string) { describe(name, []byte(`{"nuid":"x","size":90000000000000,"chunks":1}`)) }, // too large
		func(name string) { put(t, store, name, []byte("another")) },                                  // another
		func(name string) { // more than it says
			put(t, store, name, bytes.Repeat([]byte("x"), mostLarge+1000))
			info, err := store.GetInfo(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			info.Size = 9
			text, err := json.Marshal(info)
			if err != nil {
				t.Fatal(err)
			}
			describe(name, text)
		},
	} {
		sum := sha256.Sum256(j.result(n))
		name := hex.EncodeToString(sum[:])
		poison(name)
		m := key.sign(doneSubject(r.ID, n), []byte(name), 1)
		m.Header.Set(headerLarge, "1")
		if _, err := c.js.PublishMsg(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	help(t, c, 2)
	report := gathered(t, c, r, j, j, Collecting{Workers: 2})
	if report.Redone != 8 || len(report.Liars) != 0 {
		t.Errorf("%d done again, liars: %v", report.Redone, report.Liars)
	}
}

func put(t *testing.T, store jetstream.ObjectStore, name string, content []byte) {
	t.Helper()
	if _, err := store.PutBytes(t.Context(), name, content); err != nil {
		t.Fatal(err)
	}
}

// A request that somebody has changed on the server is no campaign's, and is written anew by whoever submits it.
func TestChangedRequest(t *testing.T) {
	s := newServer(t, "-js")
	c := connect(t, s.url, testOptions())
	j := toy{N: 3, Salt: strings.Repeat("s", mostMessage)}
	r := submit(t, c, j, 1)
	whole := func() {
		t.Helper()
		if found, err := c.Show(t.Context(), r.ID); err != nil || !bytes.Equal(found.Request.Parameters, j.request().Parameters) {
			t.Errorf("%v", err)
		}
	}
	whole()
	store, err := c.js.ObjectStore(t.Context(), largeBucket(r.ID))
	if err != nil {
		t.Fatal(err)
	}
	put(t, store, largeRequest, toy{N: 3, Salt: "another"}.request().Parameters)
	if _, err := c.Show(t.Context(), r.ID); !errors.Is(err, errDamaged) {
		t.Errorf("%v", err)
	}
	submit(t, c, j, 1)
	whole()
}
