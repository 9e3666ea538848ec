package proof_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
)

// ownReference are mixtures whose components have their own covariances, of testdata/own.json.
func ownReference(t testing.TB) map[string]gmm.Pairs {
	t.Helper()
	text, err := os.ReadFile("testdata/own.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]struct{ Mixture json.RawMessage }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	out := map[string]gmm.Pairs{}
	for id, entry := range file {
		out[id] = pairs(t, string(entry.Mixture))
	}
	return out
}

// departed proves containment, or its failure, from what the solver finds of the projected mixture.
func proveContainment(t testing.TB, p gmm.Pairs) (proof.Certificate, error) {
	t.Helper()
	var candidate gmm.Form
	if projected, err := proof.Limit(1).ProjectedOwn(p); err == nil {
		found, err := solver.Minimise(solver.InfoNCE, projected, solver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		candidate = found.Constrained.Form
	}
	return proof.Limit(1).ProveContainment(p, candidate)
}

func TestContainmentReference(t *testing.T) {
	for id, p := range ownReference(t) {
		start := time.Now()
		c, err := proveContainment(t, p)
		t.Log(id, err, time.Since(start))
		if err != nil {
			continue
		}
		if c.Departure != nil {
			low, _ := c.Departure.Low.Float64()
			high, _ := c.Departure.High.Float64()
			t.Log(c.Verdict, c.Departure.Along, c.Departure.Direction, low, high, c.Accuracy)
		}
		theorem, err := proof.Check(c)
		t.Log(theorem, err)
		_ = oracle.Holds
	}
}

func TestRaw(t *testing.T) {
	p := pairs(t, `{"weights":[1,1,1,1],"means":[[3,0,0],[0,1,0],["0.3","0.7",0],[-2,2,0]],"covariance":[
[[1,0,"0.0103257"],[0,1,"-0.0042621"],["0.0103257","-0.0042621",1]],
[[1,0,"0.2495944"],[0,1,"-0.1030250"],["0.2495944","-0.1030250",1]],
[[1,0,"-0.2485120"],[0,1,"0.1025782"],["-0.2485120","0.1025782",1]],
[[1,0,"-0.0114081"],[0,1,"0.0047089"],["-0.0114081","0.0047089",1]]]}`)
	start := time.Now()
	c, err := proveContainment(t, p)
	t.Log(err, time.Since(start))
	if err == nil {
		low, _ := c.Departure.Low.Float64()
		high, _ := c.Departure.High.Float64()
		t.Log(c.Verdict, c.Departure.Along, c.Departure.Direction, low, high, c.Accuracy, c.Minimiser, c.Departure.Dual)
	}
}
