import { describe, expect, it, jest } from '@jest/globals'
import { DeadlineWheel } from '#runtime'
import { WaitingRoom } from './waiting-room.ts'

const alice = { account: '05aa', namespace: 0 }
const bob = { account: '05bb', namespace: -10 }

function room(capacity = 10): WaitingRoom {
  return new WaitingRoom(new DeadlineWheel(10), capacity)
}

describe('WaitingRoom', () => {
  it('wakes those who wait for a namespace, all of them and nobody else', async () => {
    const waiting = room()
    const one = waiting.enter([alice], 60_000)
    const two = waiting.enter([bob, alice], 60_000)
    const other = waiting.enter([{ ...alice, namespace: 1 }], 60_000)
    const woken: string[] = []
    void one?.next().then(() => woken.push('one'))
    void two?.next().then(() => woken.push('two'))
    void other?.next().then(() => woken.push('other'))
    waiting.notify(alice)
    await new Promise((resolve) => setImmediate(resolve))
    expect(woken.sort()).toEqual(['one', 'two'])
    for (const waiter of [one, two, other]) waiter?.leave()
  })

  it('remembers news that come before they are asked for, once', async () => {
    const waiting = room()
    const waiter = waiting.enter([alice], 60_000)
    waiting.notify(alice)
    await waiter?.next()
    let isWoken = false
    void waiter?.next().then(() => (isWoken = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isWoken).toBe(false)
    waiter?.leave()
  })

  it('ends the waiting when its time is over', async () => {
    const waiting = room()
    const waiter = waiting.enter([alice], 20)
    expect(waiter?.isOver).toBe(false)
    await waiter?.next()
    expect(waiter?.isOver).toBe(true)
    waiter?.leave()
    expect(waiting.count).toBe(0)
  })

  it('takes as many as it has places, and again when one is given back', () => {
    const waiting = room(2)
    const first = waiting.enter([alice], 60_000)
    expect(waiting.enter([alice], 60_000)).toBeDefined()
    expect(waiting.enter([alice], 60_000)).toBeUndefined()
    first?.leave()
    first?.leave()
    expect(waiting.count).toBe(1)
    expect(waiting.enter([alice], 60_000)).toBeDefined()
    expect(waiting.enter([alice], 60_000)).toBeUndefined()
    waiting.close()
  })

  it('ends all waiting when it closes, and takes nobody any more', async () => {
    const waiting = room()
    const waiter = waiting.enter([alice], 60_000)
    waiting.close()
    await waiter?.next()
    expect(waiter?.isOver).toBe(true)
    expect(waiting.enter([bob], 60_000)).toBeUndefined()
    waiter?.leave()
  })

  it('has one timer, however many wait', () => {
    const start = jest.spyOn(globalThis, 'setInterval')
    const single = jest.spyOn(globalThis, 'setTimeout')
    const waiting = room(1_000)
    const waiters = Array.from({ length: 1_000 }, () => waiting.enter([alice], 60_000))
    expect(start).toHaveBeenCalledTimes(1)
    expect(single).not.toHaveBeenCalled()
    for (const waiter of waiters) waiter?.leave()
    start.mockRestore()
    single.mockRestore()
  })
})
