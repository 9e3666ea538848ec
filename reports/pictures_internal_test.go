package reports

import (
	"context"
	"testing"
)

// A report's chapter has the three pictures, as many steps as it says, and ends when it is told to.
func TestCosinePictures(t *testing.T) {
	steps := 0
	p := picturing{Options: Options{Effort: Effort{Grid: 2, Curve: 5}}, progress: func() { steps++ }}
	all, err := pictures["cosine-containment"].draw(context.Background(), p)
	if err != nil || len(all) != 3 || steps != pictures["cosine-containment"].steps(p.Effort) {
		t.Errorf("%d pictures in %d steps, %v", len(all), steps, err)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := cosinePictures(ended, p); err == nil {
		t.Error("drawn after the end")
	}
}
