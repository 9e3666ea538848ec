package oracle

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
)

// Evidence comes back from JSON with every field.
func TestEvidenceComesBack(t *testing.T) {
	t.Parallel()
	e := Evidence{Bounded, math.Inf(1), true, true, -1. / 3, 1e-17, 2, 1e-9, 5, 1e-320, "a < b & c\n", 2, true, true, true, 0.25, true, true, true}
	for v, i := reflect.ValueOf(e), 0; i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Errorf("the test leaves out %s", v.Type().Field(i).Name)
		}
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back Evidence
	if err := json.Unmarshal(text, &back); err != nil || back != e {
		t.Errorf("%+v came back as %+v, %v", e, back, err)
	}
}
