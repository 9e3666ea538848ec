package theorems

import (
	"fmt"
	"os"
	"testing"
	"time"
	"bytes"
	"syscall"

	"contrastcheck/gmm"
)

func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano())
}

func TestZZ(t *testing.T) {
	text, _ := os.ReadFile(os.Getenv("ZZ"))
	d, err := gmm.Read("x", bytes.NewReader(text))
	if err != nil { t.Fatal(err) }
	kept := new(memory)
	start := cpu()
	for _, c := range OfMixture(d) {
		a := cpu()
		e := c.examined(d, Examination{Seed: 1}, kept)
		if e.Outside != nil { fmt.Printf("%-28s —  %s\n", c.ID, e.Reason()); continue }
		fmt.Printf("%-28s %6.0f ms %v %v [%s] %.3g %s\n", c.ID, (cpu()-a).Seconds()*1000, e.Outcome.Verdict, e.Outcome.Grade, e.Theorem, e.Outcome.Value, e.Outcome.Detail)
	}
	fmt.Println("total", cpu()-start)
}
