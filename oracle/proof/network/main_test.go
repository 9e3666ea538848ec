package network

import (
	"os"
	"testing"

	"contrastcheck/internal/enough"
)

func TestMain(m *testing.M) {
	enough.Checks(20)
	os.Exit(m.Run())
}
