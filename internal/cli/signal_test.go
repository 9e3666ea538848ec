package cli

import (
	"os"
	"testing"
	"time"
)

// Whatever a command does, it is left behind: at once if it has nothing to keep, else after grace or at
// a second signal. Only one that ends by itself has an exit code.
func TestUntilSignal(t *testing.T) {
	t.Parallel()
	forever := make(chan int)
	t.Cleanup(func() { close(forever) })
	stuck := func(*interruption) int { return <-forever }
	for _, c := range []struct {
		name    string
		signals int
		run     func(*interruption) int
		code    int
		ok      bool
		atOnce  bool
	}{
		{"no signal", 0, func(*interruption) int { return 7 }, 7, true, true},
		{"nothing to keep", 1, stuck, 0, false, true},
		{"ends by itself", 1, func(i *interruption) int { <-i.context().Done(); return 3 }, 3, true, true},
		{"stuck", 1, func(i *interruption) int { i.context(); return stuck(i) }, 0, false, false},
		{"stuck, two signals", 2, func(i *interruption) int { i.context(); return stuck(i) }, 0, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			signals := make(chan os.Signal)
			asked := make(chan bool)
			go func() {
				<-asked
				for range c.signals {
					signals <- os.Interrupt
				}
			}()
			begun := time.Now()
			code, ok := untilSignal(signals, func(i *interruption) int {
				if c.name != "nothing to keep" {
					i.context()
				}
				asked <- true
				return c.run(i)
			})
			if code != c.code || ok != c.ok {
				t.Errorf("code %d, ok %v, want %d, %v", code, ok, c.code, c.ok)
			}
			if atOnce := time.Since(begun) < grace; atOnce != c.atOnce {
				t.Errorf("took %v", time.Since(begun))
			}
		})
	}
}
