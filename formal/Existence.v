(* Minimisers of two or more columns exist: near the infimum of a strongly convex function all points are near each other. *)
From Coq Require Import Reals Lra Lia Psatz.
From Coquelicot Require Import Coquelicot.
From Contrast Require Import Plane Moderate Gaussian InfoNCE Softmax Expectation Objective Semidefinite.
Open Scope R_scope.

Definition semidefinite (M : sym) := forall v, 0 <= form M v v.

Lemma gram_semidefinite r A : semidefinite (gram r A).
Proof. intros v. rewrite form_gram. apply sum_ge_0. intros; nra. Qed.

Lemma semidefinite_parts M : semidefinite M -> 0 <= xx M /\ 0 <= yy M /\ 0 <= xx M * det M.
Proof.
  intros H. pose proof (H (1, 0)) as H1. pose proof (H (0, 1)) as H2. pose proof (H (- xy M, xx M)) as H3.
  unfold form, apply, dot, det in *; simpl in *. repeat split; lra.
Qed.

(* A semidefinite matrix has two columns, or more. *)
Lemma semidefinite_gram M n : semidefinite M -> exists A, gram (S (S n)) A = M.
Proof.
  intros H. destruct (semidefinite_parts M H) as (X & Y & D).
  destruct (Req_dec (xx M) 0) as [Z|Z].
  - assert (Q : xy M = 0).
    { pose proof (H (- (1 + yy M), 2 * xy M)) as P. unfold form, apply, dot in P; simpl in P. rewrite Z in P.
      destruct (Req_dec (xy M) 0) as [|N]; [assumption|exfalso]. nra. }
    exists (fun j => match j with O => (0, sqrt (yy M)) | _ => (0, 0) end).
    pose proof (sqrt_sqrt (yy M) Y) as S. unfold gram. destruct M as [a b c]; simpl in *. subst a b.
    assert (E : forall k, sum k (fun j : nat => fst (match j with O => (0, sqrt c) | _ => (0, 0) end) * fst (match j with O => (0, sqrt c) | _ => (0, 0) end)) = 0).
    { induction k as [|[|k] IH]; simpl in *; lra. }
    assert (E2 : forall k, sum k (fun j : nat => fst (match j with O => (0, sqrt c) | _ => (0, 0) end) * snd (match j with O => (0, sqrt c) | _ => (0, 0) end)) = 0).
    { induction k as [|[|k] IH]; simpl in *; lra. }
    assert (E3 : forall k, sum (Datatypes.S k) (fun j : nat => snd (match j with O => (0, sqrt c) | _ => (0, 0) end) * snd (match j with O => (0, sqrt c) | _ => (0, 0) end)) = c).
    { induction k as [|k IH]; [simpl; lra|]. rewrite sum_step, IH. simpl. lra. }
    specialize (E n). specialize (E2 n). specialize (E3 (Datatypes.S n)). simpl sum in E3.
    f_equal; [| |exact E3]; destruct n as [|n]; simpl in *; lra.
  - exists (cholesky M). apply gram_cholesky; [lra|nra].
Qed.

Section existence.
Variables (F : mixture) (e : point) (G : gaussian e).
Hypothesis HF : proper F.
Hypothesis He : dot e e = 1.
Notation f := (objective F e G).

Definition zero := Sym 0 0 0.

Lemma inner_square_ge_0 M : 0 <= inner M M.
Proof. unfold inner. nra. Qed.

Lemma slope_bound g V : - (inner g g / 2 + inner V V / 2) <= inner g V.
Proof.
  pose proof (inner_square_ge_0 (plus g V)) as P.
  replace (inner (plus g V) (plus g V)) with (inner g g + 2 * inner g V + inner V V) in P by (unfold inner, plus; simpl; ring). lra.
Qed.

Lemma bounded_below : exists c, forall M, c <= f M.
Proof.
  eexists. intros M. pose proof (objective_tangent F e G HF zero M He) as T. cbv zeta in T.
  match type of T with _ + inner ?g _ + _ <= _ => pose proof (slope_bound g (sub M zero)) as S; instantiate (1 := f zero - inner g g / 2) end. lra.
Qed.

Lemma infimum : exists m, (forall M, semidefinite M -> m <= f M) /\ forall eps, 0 < eps -> exists M, semidefinite M /\ f M < m + eps.
Proof.
  destruct bounded_below as [c Hc].
  destruct (completeness (fun y => exists M, semidefinite M /\ y = - f M)) as [s [U L]].
  - exists (- c). intros y (M & _ & ->). pose proof (Hc M). lra.
  - exists (- f zero), zero. split; [|reflexivity]. intros v. unfold form, apply, dot; simpl. lra.
  - exists (- s). split.
    + intros M HM. assert (- f M <= s) by (apply U; exists M; auto). lra.
    + intros eps He'. destruct (Classical_Prop.classic (exists M, semidefinite M /\ f M < - s + eps)) as [|N]; [assumption|exfalso].
      assert (s <= s - eps); [|lra]. apply L. intros y (M & HM & ->).
      destruct (Rlt_dec (f M) (- s + eps)); [exfalso; apply N; exists M; auto|lra].
Qed.

Lemma midpoint M K : 2 * f (mix (1 / 2) M K) + inner (sub M K) (sub M K) / 4 <= f M + f K.
Proof.
  set (P := mix (1 / 2) M K).
  pose proof (objective_tangent F e G HF P M He) as T. pose proof (objective_tangent F e G HF P K He) as T'.
  match type of T with _ + inner ?w _ + _ <= _ => set (g := w) in * end. clearbody g.
  replace (inner g (sub K P)) with (- inner g (sub M P)) in T' by (unfold inner, sub, P, mix; simpl; field).
  replace (inner (sub K P) (sub K P)) with (inner (sub M P) (sub M P)) in T' by (unfold inner, sub, P, mix; simpl; field).
  replace (inner (sub M K) (sub M K)) with (4 * inner (sub M P) (sub M P)) by (unfold inner, sub, P, mix; simpl; field). lra.
Qed.

Variable m : R.
Hypothesis below : forall M, semidefinite M -> m <= f M.
Hypothesis near : forall eps, 0 < eps -> exists M, semidefinite M /\ f M < m + eps.

(* Holds of all semidefinite matrices with values near m. *)
Definition eventually (P : sym -> Prop) := exists eps, 0 < eps /\ forall M, semidefinite M -> f M < m + eps -> P M.

Lemma eventually_filter (p : sym -> R) : ProperFilter (fun Q : R -> Prop => eventually (fun M => Q (p M))).
Proof.
  split.
  - intros Q (eps & He' & H). destruct (near eps He') as (M & HM & L). exists (p M). apply H; assumption.
  - split.
    + exists 1. split; [lra|trivial].
    + intros Q S (x & Hx & H) (y & Hy & K). exists (Rmin x y). split; [apply Rmin_pos; assumption|].
      intros M HM L. pose proof (Rmin_l x y). pose proof (Rmin_r x y). split; [apply H|apply K]; auto; lra.
    + intros Q S QS (x & Hx & H). exists x. split; [exact Hx|]. intros; apply QS, H; assumption.
Qed.

Lemma close M K eps : semidefinite M -> semidefinite K -> f M < m + eps -> f K < m + eps -> inner (sub M K) (sub M K) < 8 * eps.
Proof.
  intros HM HK LM LK. pose proof (midpoint M K) as P.
  assert (Q : m <= f (mix (1 / 2) M K)).
  { apply below. intros v. replace (form (mix (1 / 2) M K) v v) with ((form M v v + form K v v) / 2) by (unfold form, mix, apply, dot; simpl; field).
    pose proof (HM v). pose proof (HK v). lra. }
  lra.
Qed.

(* An entry converges. *)
Lemma entry (p : sym -> R) : (forall M K, (p M - p K) * (p M - p K) <= inner (sub M K) (sub M K)) ->
  exists l, forall eps, 0 < eps -> eventually (fun M => Rabs (p M - l) < eps).
Proof.
  intros Hp. set (Q := fun Q : R -> Prop => eventually (fun M => Q (p M))).
  assert (PF : ProperFilter Q) by apply eventually_filter.
  exists (lim (T := R_CompleteSpace) Q). intros eps Heps.
  refine (complete_cauchy (T := R_CompleteSpace) Q PF _ (mkposreal eps Heps)).
  intros d. set (x := d * d / 8). assert (Hx : 0 < x) by (unfold x; pose proof (cond_pos d); nra).
  destruct (near x Hx) as (M & HM & LM). exists (p M), x. split; [exact Hx|].
  intros K HK LK. change (Rabs (p K - p M) < d).
  pose proof (close K M x HK HM LK LM) as C. pose proof (Hp K M) as D. pose proof (cond_pos d).
  assert (S : (p K - p M) * (p K - p M) < d * d) by (unfold x in C; lra).
  apply Rabs_def1; nra.
Qed.

(* The limit is a semidefinite matrix with the value m. *)
Lemma limit : exists M, semidefinite M /\ f M <= m.
Proof.
  destruct (entry xx) as [a Ha]. { intros M K; unfold inner, sub; simpl; pose proof (Rle_0_sqr (xx M - xx K)); pose proof (Rle_0_sqr (xy M - xy K)); pose proof (Rle_0_sqr (yy M - yy K)); unfold Rsqr in *; lra. }
  destruct (entry xy) as [b Hb]. { intros M K; unfold inner, sub; simpl; pose proof (Rle_0_sqr (xx M - xx K)); pose proof (Rle_0_sqr (xy M - xy K)); pose proof (Rle_0_sqr (yy M - yy K)); unfold Rsqr in *; lra. }
  destruct (entry yy) as [c Hc]. { intros M K; unfold inner, sub; simpl; pose proof (Rle_0_sqr (xx M - xx K)); pose proof (Rle_0_sqr (xy M - xy K)); pose proof (Rle_0_sqr (yy M - yy K)); unfold Rsqr in *; lra. }
  set (L := Sym a b c).
  assert (N : forall eps, 0 < eps -> exists M, semidefinite M /\ f M < m + eps /\
    Rabs (xx M - a) < eps /\ Rabs (xy M - b) < eps /\ Rabs (yy M - c) < eps).
  { intros eps Heps. destruct (Ha eps Heps) as (x & Px & Hx). destruct (Hb eps Heps) as (y & Py & Hy). destruct (Hc eps Heps) as (z & Pz & Hz).
    destruct (near (Rmin (Rmin x y) (Rmin z eps))) as (M & HM & LM). { repeat apply Rmin_pos; assumption. }
    pose proof (Rmin_l (Rmin x y) (Rmin z eps)). pose proof (Rmin_r (Rmin x y) (Rmin z eps)).
    pose proof (Rmin_l x y). pose proof (Rmin_r x y). pose proof (Rmin_l z eps). pose proof (Rmin_r z eps).
    exists M. repeat split; [exact HM|lra|apply Hx|apply Hy|apply Hz]; try exact HM; lra. }
  (* A linear function of the entries is near, too. *)
  assert (W : forall g M eps, Rabs (xx M - a) < eps -> Rabs (xy M - b) < eps -> Rabs (yy M - c) < eps ->
    Rabs (inner g (sub M L)) <= (Rabs (xx g) + 2 * Rabs (xy g) + Rabs (yy g)) * eps).
  { intros g M eps A B C. unfold inner, sub, L; simpl.
    pose proof (Rabs_triang (xx g * (xx M - a) + 2 * (xy g * (xy M - b))) (yy g * (yy M - c))) as T1.
    pose proof (Rabs_triang (xx g * (xx M - a)) (2 * (xy g * (xy M - b)))) as T2.
    rewrite !Rabs_mult, (Rabs_right 2) in * by lra.
    pose proof (Rabs_pos (xx g)). pose proof (Rabs_pos (xy g)). pose proof (Rabs_pos (yy g)).
    assert (Rabs (xx g) * Rabs (xx M - a) <= Rabs (xx g) * eps) by (apply Rmult_le_compat_l; lra).
    assert (Rabs (xy g) * Rabs (xy M - b) <= Rabs (xy g) * eps) by (apply Rmult_le_compat_l; lra).
    assert (Rabs (yy g) * Rabs (yy M - c) <= Rabs (yy g) * eps) by (apply Rmult_le_compat_l; lra).
    lra. }
  exists L. split.
  - intros v. destruct (Rle_dec 0 (form L v v)) as [|N0]; [assumption|exfalso].
    set (k := Rabs (xx (outer v v)) + 2 * Rabs (xy (outer v v)) + Rabs (yy (outer v v)) + 1).
    assert (Pk : 0 < k) by (unfold k; pose proof (Rabs_pos (xx (outer v v))); pose proof (Rabs_pos (xy (outer v v))); pose proof (Rabs_pos (yy (outer v v))); lra).
    assert (Pe : 0 < - form L v v / k) by (apply Rdiv_lt_0_compat; lra).
    destruct (N _ Pe) as (M & HM & _ & A & B & C). pose proof (W (outer v v) M _ A B C) as I.
    replace (inner (outer v v) (sub M L)) with (form M v v - form L v v) in I by (unfold inner, outer, sub, form, apply, dot; simpl; field).
    pose proof (HM v) as P. apply Rabs_le_between in I.
    assert (J : (k - 1) * (- form L v v / k) < - form L v v).
    { replace (- form L v v) with (k * (- form L v v / k)) at 2 by (field; lra). nra. }
    unfold k in J at 1. lra.
  - apply le_epsilon. intros eps Heps.
    pose proof (fun M => objective_tangent F e G HF L M He) as T. cbv zeta in T.
    match type of T with forall M, _ + inner ?w _ + _ <= _ => set (g := w) in * end. clearbody g.
    set (k := Rabs (xx g) + 2 * Rabs (xy g) + Rabs (yy g) + 1).
    assert (Pk : 0 < k) by (unfold k; pose proof (Rabs_pos (xx g)); pose proof (Rabs_pos (xy g)); pose proof (Rabs_pos (yy g)); lra).
    assert (Pe : 0 < eps / k) by (apply Rdiv_lt_0_compat; lra).
    destruct (N _ Pe) as (M & HM & LM & A & B & C). pose proof (W g M _ A B C) as I. apply Rabs_le_between in I.
    specialize (T M). pose proof (inner_square_ge_0 (sub M L)).
    assert (J : (k - 1) * (eps / k) + eps / k = eps) by (field; lra). unfold k in J at 1. lra.
Qed.
End existence.

Theorem minimiser_exists F e (G : gaussian e) r : proper F -> dot e e = 1 -> (2 <= r)%nat -> exists A, minimises F G r A.
Proof.
  intros HF He Hr. destruct (infimum F e G HF He) as (m & below & near).
  destruct (limit F e G HF He m below near) as (M & HM & LM).
  destruct r as [|[|n]]; [lia|lia|]. destruct (semidefinite_gram M n HM) as [A HA].
  exists A. intros B. rewrite !loss_objective, HA by exact HF.
  pose proof (below _ (gram_semidefinite (S (S n)) B)). lra.
Qed.
