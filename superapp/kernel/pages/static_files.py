"""Static files for installations without a web server in front."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware
from servestatic.middleware import ServeStaticMiddleware


@sync_and_async_middleware
def static_files(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """ServeStatic, asked only for addresses under STATIC_URL.

    It exists as asynchronous code alone: in the middle of synchronous middleware every page would
    pay for an event loop and two changes of thread, 3 ms of a page's time.
    """
    prefix = settings.STATIC_URL
    if iscoroutinefunction(get_response):
        serve = ServeStaticMiddleware(get_response)

        async def middleware(request: HttpRequest) -> Any:
            is_ours = request.path_info.startswith(prefix)
            return await (serve(request) if is_ours else get_response(request))

        return middleware

    serve_here = async_to_sync(ServeStaticMiddleware(sync_to_async(get_response)))

    def synchronous(request: HttpRequest) -> Any:
        is_ours = request.path_info.startswith(prefix)
        return serve_here(request) if is_ours else get_response(request)

    return synchronous
