package price

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"contrastcheck/gmm"
)

func TestTry(t *testing.T) {
	text, err := os.ReadFile("../solver/kernel/testdata/price.json")
	if err != nil {
		t.Fatal(err)
	}
	var known struct{ Mixtures map[string]json.RawMessage }
	if err := json.Unmarshal(text, &known); err != nil {
		t.Fatal(err)
	}
	for name, mixture := range known.Mixtures {
		d, err := gmm.Read(name, bytes.NewReader(mixture))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		last := start
		x, err := Of(t.Context(), d.Pairs, Options{Progress: func() { t.Log(time.Since(last)); last = time.Now() }})
		if err != nil {
			t.Fatal(err)
		}
		t.Log(name, time.Since(start))
		for _, m := range x.Maps {
			t.Logf("%+v", m)
		}
		t.Log(x.LeftOut, x.Picture.Dimension)
	}
}
